// What others mark meanwhile. Nothing that is being read moves: what would move it is counted and offered.
import { $, $$, ask, button, byId, on, renew } from "./page.js";
import { article, prose } from "./text.js";

const path = `/${article.dataset.desk}/articles/${article.dataset.article}`;
const version = `version=${article.dataset.number}`;
const list = $(".claim-list");
const bar = $("#live");
let late = new Set();
let news = new Set();
let seen = article.dataset.after;

// Whether a block is not to be touched now: it has the focus, or selected words, or words about to be marked.
function isInUse(block) {
  const selection = getSelection();
  const ranges = [...(CSS.highlights?.get("pending") ?? []), ...(selection.isCollapsed ? [] : [selection.getRangeAt(0)])];
  return block.matches(":focus-within") || ranges.some((range) => range.intersectsNode(block));
}

function isVisible(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

// Prints blocks anew. Gently: only where nobody reads or selects.
export async function refresh(ids, gently) {
  const { nodes } = await ask(`${path}/blocks?ids=${ids.join()}&${version}`);
  if (!nodes) return;
  for (const { id } of $$(".ref", nodes)) if (gently && !byId(id)) news.add(id);
  for (const id of ids) {
    const old = byId(id);
    const fresh = $(`#${CSS.escape(id)}`, nodes);
    if (!old || !fresh) continue;
    if (gently && isInUse(old)) late.add(id);
    else put(old, fresh, gently);
  }
  for (const item of $$(".claim-list > li", nodes)) {
    const isLater = (other) => other.dataset.s - item.dataset.s > 0;
    if (byId(item.id)) byId(item.id).replaceWith(item);
    else if (gently && isVisible(list)) for (const id of ids) late.add(id);
    else list.insertBefore(item, [...list.children].find(isLater) ?? null);
  }
}

function put(old, fresh, gently) {
  const stop = $(".s[tabindex]", old)?.dataset.s;
  const height = gently && isVisible(old) && old.offsetHeight;
  announce(fresh);
  if (stop) $(`.s[data-s="${stop}"]`, fresh)?.setAttribute("tabindex", 0);
  renew(old, fresh);
  const isMoving = height && fresh.offsetHeight !== height;
  for (const link of $$(".ref", fresh)) link.classList.toggle("held", isMoving && news.has(link.id));
}

// How much of the marks assistive technology is told: all, only the links, or nothing.
function announce(root) {
  const level = localStorage.announce;
  if (!level) return;
  const isOff = level === "off";
  for (const mark of $$("mark", root)) mark.role = level === "full" ? null : "none";
  for (const link of $$(".ref", root)) Object.assign(link, { ariaHidden: isOff || null, tabIndex: isOff ? -1 : 0 });
}
announce(prose);
$("[data-setting=announce]")?.addEventListener("change", () => announce(prose));

// What arrives while an own mark is being saved may be that mark: it waits.
let saving = null;
export const after = (own) => (saving = own);

async function hear({ id, data }) {
  seen = id;
  await saving;
  const { blocks, by } = JSON.parse(data);
  await refresh(blocks, true);
  const { size } = news;
  if (size) bar.replaceChildren(`${by ?? "Somebody"}: ${size} new claim${size > 1 ? "s" : ""}. `, button("Show", show));
}

async function show() {
  const ids = [...late];
  late = new Set();
  if (ids.length) await refresh(ids, false);
  for (const link of $$(".held")) link.classList.remove("held");
  byId([...news][0])?.focus();
  news = new Set();
  bar.replaceChildren();
}

// One stream in a browser, however many pages are open: HTTP/1.1 has six connections for all of them. The page that is
// looked at takes it over; others with the same article hear from it, and the rest catch up when they are looked at.
const channel = new BroadcastChannel(path + version);
on("message", ({ data }) => hear(data), channel);

function listen() {
  const stream = new EventSource(`${path}/live?after=${seen}&${version}`);
  on("marks", ({ data, lastEventId: id }) => {
    channel.postMessage({ id, data });
    hear({ id, data });
  }, stream);
  return stream;
}

let stream = null;
function lead(steal) {
  const held = navigator.locks.request("factdesk-live", { steal }, () => {
    if (stream) return null;
    stream = listen();
    return new Promise(() => {});
  });
  held.catch(() => {
    stream.close();
    stream = null;
    lead(false);
  });
}

if (seen && navigator.locks) {
  lead(!document.hidden);
  on("focus", () => stream || lead(true), window);
} else if (seen) listen();
