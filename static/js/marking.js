// Marking words of the article: by mouse, finger or keys. What will be saved is shown first.
import { $, $$, focused, isPlain, isSaveKey, newKey, on, say } from "./page.js";
import { isCommand, queue, send } from "./forms.js";
import { article, blocksIn, exactOf, leaf, moveEdge, passageOf, prose, rangeOf, spanOf, wire } from "./text.js";
import { closePanel, openClaim, opened, panel } from "./panel.js";
import { after, refresh } from "./live.js";

const form = $("#mark-bar");
const problem = $("[role=alert]", form);
let pending = null;
let attempt = {};

function choose(passage, by) {
  if (!passage) return;
  pending = { ...passage, by };
  CSS.highlights?.set("pending", new Highlight(rangeOf(pending)));
  $(".words", form).value = exactOf(pending);
  if (by === "keys") say(`“${exactOf(pending)}”`);
}

function drop() {
  pending = null;
  CSS.highlights?.delete("pending");
  form.hidden = true;
  form.reset();
  problem.textContent = "";
}

// At the end of the words, or above them; for a finger the style sheet fixes it to the bottom edge.
function showBar() {
  form.hidden = false;
  const rects = [...rangeOf(pending).getClientRects()];
  const last = rects.at(-1);
  const { offsetWidth: width, offsetHeight: height } = form;
  const below = last.bottom + 10;
  const y = below + height < innerHeight ? below : Math.max(8, rects[0].top - height - 10);
  const x = Math.min(Math.max(8, last.right - width / 2), innerWidth - width - 24);
  form.style.setProperty("--x", `${x + scrollX}px`);
  form.style.setProperty("--y", `${y + scrollY}px`);
}

const current = () => pending ?? (here() && spanOf(here()));

let isSaving = false;
async function mark(rating) {
  if (!current() || isSaving) return;
  if (!pending) choose(current(), "keys");
  isSaving = true;
  const saving = save(rating).catch(() => "No answer. Try again.");
  after(saving);
  const failure = await saving;
  isSaving = false;
  if (!failure) return;
  showBar();
  problem.textContent = failure;
}

async function save(rating) {
  const { desk, article: id, csrf, version } = article.dataset;
  const claimed = form.elements.claim_reviewed.value.trim();
  const body = JSON.stringify({ version, ...wire(pending), claim_reviewed: claimed || undefined });
  if (attempt.body !== body) attempt = { body, key: newKey() };
  const headers = { "content-type": "application/json", "x-csrf-token": csrf, "idempotency-key": attempt.key };
  const answer = await fetch(`/api/v1/desks/${desk}/articles/${id}/marks`, { method: "POST", headers, body });
  const { detail, title, url } = await answer.json();
  if (!answer.ok) return detail ?? title;
  const ids = blocksIn(pending);
  getSelection().removeAllRanges();
  drop();
  await refresh(ids, false);
  const number = $$(`.ref[href="${url}"]`, prose).at(-1)?.textContent;
  say(`Claim ${number} is marked.`);
  // A rating given at once is a draft like any other: it is put into the form that the claim has for it.
  openClaim(url, number, false).then(() => rating && $(`[name=rating][value="${CSS.escape(rating)}"]`, panel)?.click());
  return "";
}

on("submit", (event) => {
  event.preventDefault();
  mark(event.submitter?.value);
}, form);
on("click", ({ target }) => {
  const { edge, by } = target.closest("[data-edge]")?.dataset ?? {};
  if (edge) adjust(edge, Number(by));
  if (target.closest("[data-close]")) leave();
}, form);
// A press on the bar keeps the selection.
on("pointerdown", (event) => event.target.closest("input") || event.preventDefault(), form);

function leave() {
  drop();
  tabStop()?.focus();
}

const adjust = (edge, by) => choose(current() && moveEdge(current(), edge, by), pending?.by ?? "keys");

// By selection: once it has rested, and the mouse button is up. Alt takes it as it is.
let timer = 0;
let isPressed = false;
let isExact = false;
function rest() {
  clearTimeout(timer);
  timer = setTimeout(take, 150);
}
on("selectionchange", rest);
on("pointerdown pointerup pointercancel", (event) => {
  isPressed = event.type === "pointerdown" && event.pointerType === "mouse";
  if (!form.contains(event.target)) isExact = event.altKey;
  rest();
});
function take() {
  const selection = getSelection();
  if (isPressed || focused().matches("input, textarea, select")) return;
  if (selection.isCollapsed) {
    if (pending?.by === "selection" && !form.contains(focused())) drop();
    return;
  }
  const passage = selection.containsNode(prose, true) && passageOf(selection.getRangeAt(0), isExact);
  if (!passage) return;
  choose(passage, "selection");
  showBar();
}

// By a tap on a sentence; the bar's buttons move its edges.
const tap = $("[data-setting=tap]");
if (!localStorage.tap) tap.checked = matchMedia("(pointer: coarse)").matches;
on("click", ({ target, detail }) => {
  const tapped = target.closest(".s");
  // Browsers end a triple click at the first reference.
  if (detail === 3) getSelection().selectAllChildren(target.closest(leaf));
  if (!tapped || !tap.checked || target.closest("a") || !getSelection().isCollapsed) return;
  choose(spanOf(tapped), "tap");
  showBar();
}, prose);

// By keys: one sentence is the tab stop, and moves.
const sentences = () => $$(".s", prose);
const tabStop = () => $(".s[tabindex]", prose);
const here = () => focused().closest(".s");
sentences()[0]?.setAttribute("tabindex", 0);

function stand(sentence) {
  if (!sentence) return;
  tabStop()?.removeAttribute("tabindex");
  sentence.tabIndex = 0;
  sentence.focus();
}

function step(by) {
  const all = sentences();
  drop();
  stand(here() ? all[all.indexOf(here()) + by] : all.find((one) => one.getBoundingClientRect().bottom > 0));
}

function grow(by) {
  if (!current()) return step(by);
  const { start } = current();
  const all = sentences();
  const next = all[all.indexOf(rangeOf(current()).endContainer.parentNode.closest(".s")) + by];
  const end = next && spanOf(next).end;
  if (end > start) choose({ start, end }, "keys");
}

const showKeys = () => $("#keys").showModal();
on("click", ({ target }) => target.closest("[data-keys]") && showKeys());

function sayInWords() {
  if (!current()) return;
  choose(current(), pending?.by ?? "keys");
  showBar();
  form.elements.claim_reviewed.focus();
}
const openFirst = () => here()?.querySelector(".ref")?.click();

const commands = {
  j: [step, 1],
  k: [step, -1],
  J: [grow, 1],
  K: [grow, -1],
  "[": [adjust, "start", -1],
  "]": [adjust, "start", 1],
  "{": [adjust, "end", -1],
  "}": [adjust, "end", 1],
  w: [sayInWords],
  o: [openFirst],
  "?": [showKeys],
};
function commandFor(event) {
  const { key, shiftKey, target } = event;
  if (isSaveKey(event) && opened) return [saveAndGoOn];
  if (!isPlain(event)) return null;
  const isStanding = target.matches(".s");
  if (key === "Escape") return pending ? [leave] : opened && [closePanel];
  if (key === "Enter" && (isStanding || (pending && target === document.body))) return [mark];
  const by = isStanding && { ArrowDown: 1, ArrowUp: -1 }[key];
  if (by) return [shiftKey ? grow : step, by];
  return isCommand(event) && commands[key];
}
on("keydown", (event) => {
  const [act, ...given] = (!$("dialog[open]") && commandFor(event)) || [];
  if (!act) return;
  event.preventDefault();
  act(...given);
});

async function saveAndGoOn() {
  const areSaved = await Promise.all([queue, ...$$("form[data-dirty]", panel).map((one) => send(one))]);
  if (!areSaved.every(Boolean)) return;
  const last = $$(`[data-c~="${opened}"]`).at(-1)?.closest(".s");
  closePanel(false);
  stand(last);
  step(1);
}
