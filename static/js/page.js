// What the other modules share: finding, listening, asking the server, saying what happened.
export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
export const byId = (id) => document.getElementById(id);
export const focused = () => document.activeElement;
export function on(events, act, target = document) {
  for (const event of events.split(" ")) target.addEventListener(event, act);
}

// The only place that turns text into nodes: HTML which our own server printed.
const rules = { createHTML: (html) => html };
const policy = window.trustedTypes?.createPolicy("frag", rules) ?? rules;
export async function ask(url, options) {
  const answer = await fetch(url, { headers: { accept: "text/html", "x-fragment": byId("panel")?.id ?? "page" }, ...options });
  if (!answer.headers.get("content-type")?.startsWith("text/html")) return { answer };
  const template = document.createElement("template");
  template.innerHTML = policy.createHTML(await answer.text());
  return { answer, nodes: template.content };
}
// Whether an event is for us: nobody took it, and no modifier makes it the browser's.
export const isPlain = (event) => !(event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey);
export const isSaveKey = (event) => (event.ctrlKey || event.metaKey) && event.key === "Enter";

// Tells a repeated sending from a new one: a random UUID, taken from a blob's address because crypto.randomUUID is missing on
// plain HTTP.
export const newKey = () => URL.createObjectURL(new Blob()).slice(-36);

// Stays until the next thing is said.
export const say = (...content) => $("#status")?.replaceChildren(...content);

export function button(label, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: label });
  on("click", act, made);
  return made;
}

// Prints something anew, and puts the focus back where it was in it.
export function renew(old, fresh) {
  const was = old.contains(focused()) && focused();
  const named = was.name ? `[name="${was.name}"][value="${was.value}"]` : "button:not([name])";
  const same = was.id ? `[id="${was.id}"]` : was.dataset?.s ? `.s[data-s="${was.dataset.s}"]` : named;
  old.replaceWith(fresh);
  if (was) $(same, fresh)?.focus({ preventScroll: true });
}
