// The page that a bookmark or the extension hands another page to: shows what came, and sends it when told to.
import "./forms.js";
import { $, byId, on, say } from "./page.js";

const captureForm = byId("capture");
const most = Number(captureForm.dataset.most);
const longest = Number(captureForm.dataset.longest);
const wait = 5000;
let taken = null;

const originOf = (address) => URL.canParse(address) && new URL(address).origin;
// From the window that opened this one, about itself and nobody else; or from the extension, which speaks in this window.
function isPage({ source, origin, data }) {
  if (data?.factdesk !== "page" || typeof data.html !== "string" || typeof data.address !== "string") return false;
  return (source === window && origin === location.origin) || (source === window.opener && originOf(data.address) === origin);
}
const isPassage = (passage) => ["exact", "prefix", "suffix"].every((name) => typeof passage?.[name] === "string");

// Grown to whole words, as where words are marked in an article.
function grown({ exact, prefix, suffix }) {
  const segments = [...new Intl.Segmenter(undefined, { granularity: "word" }).segment(prefix + exact + suffix)];
  const wordAt = (unit) => segments.find(({ index, segment, isWordLike }) => isWordLike && index < unit && index + segment.length > unit);
  const first = wordAt(prefix.length);
  const last = wordAt(prefix.length + exact.length);
  const head = first ? prefix.slice(first.index) : "";
  const tail = last ? suffix.slice(0, last.index + last.segment.length - prefix.length - exact.length) : "";
  return { exact: head + exact + tail, prefix: prefix.slice(0, prefix.length - head.length), suffix: suffix.slice(tail.length) };
}

// Kept for this tab, so that it is here again after signing in, a refusal, or loading the page anew. One sign a byte.
async function store(page) {
  const packed = new Blob([JSON.stringify(page)]).stream().pipeThrough(new CompressionStream("gzip"));
  let text = "";
  for (const byte of new Uint8Array(await new Response(packed).arrayBuffer())) text += String.fromCharCode(byte);
  sessionStorage.captured = text;
}
async function stored() {
  const bytes = Uint8Array.from(sessionStorage.captured ?? "", (sign) => sign.charCodeAt(0));
  if (!bytes.length) return null;
  return JSON.parse(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text());
}

// The first page that comes is the one: nobody puts another in its place while it is looked at.
function takePage(page) {
  if (taken) return;
  taken = page;
  const selected = isPassage(page.passage) && page.passage.exact.trim() ? grown(page.passage) : null;
  const isTooLong = Boolean(selected) && [...selected.exact].length > longest;
  const passage = isTooLong ? null : selected;
  const bytes = new Blob([page.html]).size;
  const words = Number.isInteger(page.words) ? page.words : 0;
  const mb = (count) => (count / 1e6).toFixed(1);
  byId("capture-title").textContent = page.title || "none";
  byId("capture-address").textContent = page.address;
  byId("capture-words").textContent = `${words} ${words === 1 ? "word" : "words"} on the page`;
  byId("capture-passage").textContent = passage?.exact ?? "";
  byId("capture-passage").hidden = !passage;
  byId("capture-no-passage").textContent = `${isTooLong ? "Too many for one statement." : "None."} The article is added, and you can mark statements in it.`;
  byId("capture-no-passage").hidden = Boolean(passage);
  const fields = { address: page.address, title: page.title ?? "", exact: passage?.exact ?? "", before: passage?.prefix ?? "", after: passage?.suffix ?? "" };
  for (const [name, value] of Object.entries(fields)) captureForm.elements[name].value = value;
  const isTooLarge = bytes > most;
  const fault = isTooLarge ? `This page is too large: ${mb(bytes)} MB, and at most ${mb(most)} MB are taken. Copy the article’s text and paste it.` : words ? "" : "There are no words on this page. If it is a document, save it and upload the file.";
  captureForm.hidden = Boolean(fault);
  byId("capture-none").hidden = !fault;
  byId("capture-state").textContent = fault || "This came from your browser. Nothing is saved yet.";
  if (!fault) $("button[formaction], #capture-sign-in", captureForm)?.focus();
}

on("message", async (event) => {
  if (taken || !isPage(event)) return;
  takePage(event.data);
  // Where there is no room, signing in in another tab keeps the page open in this one.
  await store(event.data).catch(() => byId("capture-sign-in")?.setAttribute("target", "_blank"));
}, window);

// What the form sends are the bytes as they came; a field would change their line ends.
on("formdata", ({ formData }) => formData.set("page", new Blob([taken.html], { type: "text/html" }), "page.html"), captureForm);
on("submit", () => say("Sending the page …"), captureForm);

async function begin() {
  const state = byId("capture-state");
  state.textContent = "Waiting for the page …";
  window.opener?.postMessage({ factdesk: "ready" }, "*");
  const before = await stored().catch(() => null);
  if (before && !window.opener) takePage(before);
  setTimeout(() => {
    if (taken) return;
    if (before) takePage(before);
    else state.textContent = "No page has come.";
  }, before ? wait / 5 : wait);
}
begin();
