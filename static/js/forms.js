// What every page has: forms that save without leaving it, drafts, single keys, pasted sources.
import { $, $$, ask, button, byId, isPlain, isSaveKey, newKey, on, renew, say } from "./page.js";
import { forget, restore, still } from "./drafts.js";

// Sends a form; answers whether it was taken. One at a time, so that each carries the version the last one made.
export let queue = Promise.resolve(true);
export function send(form, submitter) {
  queue = queue.then(() => {
    const now = form.isConnected ? form : byId(form.id);
    const isSaved = now?.matches("[data-autosave]:not([data-dirty])") && !submitter?.name;
    return now?.matches("form") && (isSaved || post(now, submitter?.name ? $(`[name=${submitter.name}][value="${submitter.value}"]`, now) : null));
  });
  return queue;
}

const field = "input:not([type=radio], [type=checkbox]), textarea, select";
let failed = {};
async function post(form, submitter) {
  await still(form);
  const body = new URLSearchParams(new FormData(form, submitter));
  body.delete("submission");
  const text = `${body}`;
  const key = failed.text === text ? failed.key : newKey();
  body.set("submission", key);
  delete form.dataset.dirty;
  const { answer, nodes } = await ask(form.getAttribute("action"), { method: "POST", body }).catch(() => ({}));
  const has = (selector) => nodes && $(selector, nodes);
  const hasParts = has("[data-part]");
  const problem = has("[role=alert]");
  const conflict = has(".conflict");
  // What was typed is in the conflict; nothing else is replaced when somebody has gone on to another claim meanwhile.
  if (conflict) (form.closest("[data-part]") ?? form).replaceWith(conflict);
  else if (hasParts && form.isConnected) merge(nodes);
  if (answer?.ok) {
    forget(form, body);
    if (!hasParts) location.href = answer.url;
    say(...(has("[data-status]")?.childNodes ?? [`Saved ${new Date().toTimeString().slice(0, 5)}`]));
    return true;
  }
  form.dataset.dirty = "";
  if (!answer) {
    failed = { key, text };
    say("No answer. Your text is kept. ", button("Try again", () => send(form, submitter)));
  } else if (answer.status === 401) say("Signed out. Your text is kept. ", button("Sign in, then save", () => open("/sign-in")));
  else say(problem?.textContent ?? "Not saved.");
  if (conflict) problem?.focus();
  return false;
}

// Puts an answer's parts in place. Where somebody is typing, only hidden fields are renewed, but never what the text was
// changed from: the server knows what this person saved since, and what others did.
function merge(nodes) {
  const name = (input) => `${input.closest("form").getAttribute("action")} ${input.name}`;
  const isHidden = "form [type=hidden]:not([name^=base_])";
  const fresh = new Map($$(isHidden, nodes).map((input) => [name(input), input.value]));
  for (const part of $$("[data-part]", nodes)) {
    const old = byId(part.id);
    if (old?.matches(`[data-dirty], :has([data-dirty], :is(${field}):focus)`)) {
      for (const input of $$(isHidden, old)) input.value = fresh.get(name(input)) ?? input.value;
    } else if (old) renew(old, part);
  }
}

on("input change", ({ type, target: { form } }) => {
  if (!form?.matches("[data-autosave]")) return;
  if (type === "change") send(form);
  else form.dataset.dirty = "";
});
on("submit", (event) => {
  if (event.defaultPrevented || !event.target.matches("[data-autosave], [data-send]")) return;
  event.preventDefault();
  send(event.target, event.submitter);
});

// Pasted formatted text also goes along as HTML, as long as nobody changes a word of it.
on("paste input", ({ type, inputType, target, clipboardData }) => {
  const html = target.form?.elements[target.dataset.rich];
  if (html && inputType !== "insertFromPaste") html.value = type === "paste" && !target.value ? clipboardData.getData("text/html") : "";
});

// A pasted address or DOI is a source, several are several.
on("paste", (event) => {
  const form = $("form[data-source]");
  const lines = event.clipboardData.getData("text").match(/\S+/g);
  if (!form || event.target.closest(field) || !lines?.every((line) => /^(https?:|(doi:)?10\.\d{4})/i.test(line))) return;
  event.preventDefault();
  form.elements.url.value = lines.join(" ");
  send(form);
});

// Settings of this browser: a closed set of words, never printed anywhere.
for (const input of $$("[data-setting]")) {
  const name = input.dataset.setting;
  const value = localStorage[name];
  const isSwitch = input.type === "checkbox";
  if (value) Object.assign(input, isSwitch ? { checked: value === "on" } : { value });
  on("change", () => (localStorage[name] = isSwitch && !input.checked ? "off" : input.value), input);
}

// Single keys do something outside of fields only, and can be switched off (WCAG 2.1.4).
export const isCommand = (event) => isPlain(event) && !event.target.closest(field) && localStorage.keys !== "off";

on("keydown", (event) => {
  const { key, target } = event;
  if (isSaveKey(event) && !event.defaultPrevented) target.form?.requestSubmit();
  if (!isCommand(event)) return;
  const dialog = $("dialog[open]");
  const places = dialog ? [dialog] : [$(".panel.open") ?? target.closest("[data-row]") ?? document, document];
  const wanted = places.flatMap((place) => $$(`[data-key="${CSS.escape(key)}"]`, place));
  const hit = wanted.find((element) => element.checkVisibility());
  const rows = $$("[data-row]").map((row) => $("a", row));
  const at = rows.indexOf(target);
  if (hit || key === "o") (hit ?? rows[at])?.click();
  else rows[{ j: at + 1, k: at - 1 }[key]]?.focus();
});

on("click", ({ target }) => {
  for (const menu of $$("details.menu[open]")) menu.open = menu.contains(target);
  const copy = target.closest("[data-copy]");
  if (copy) copy.form.elements[copy.dataset.copy].value = $(".text", copy.parentElement).textContent;
});

restore(document);
$("[data-focus]")?.focus();
