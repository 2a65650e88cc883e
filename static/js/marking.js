// Choosing words of a text: by mouse, finger or keys. What will be saved is shown first; what saves it says so in `does`.
import { $, $$, focused, isPlain, on, say } from "./page.js";
import { isCommand } from "./forms.js";
import { exactOf, leaf, moveEdge, passageOf, prose, rangeOf, spanOf } from "./text.js";

export const markBar = $("#mark-bar");
export const problem = $("[role=alert]", markBar);
export let pending = null;
// What is done with them: `mark` on Enter and with the bar's buttons, `escape` on Esc when none are chosen.
export const does = {};

export function choose(passage, by) {
  if (!passage) return;
  pending = { ...passage, by };
  CSS.highlights?.set("pending", new Highlight(rangeOf(pending)));
  $(".words", markBar).value = exactOf(pending);
  if (by === "keys") say(`“${exactOf(pending)}”`);
}

export function drop() {
  pending = null;
  CSS.highlights?.delete("pending");
  markBar.hidden = true;
  markBar.reset();
  problem.textContent = "";
}

// At the end of the words, or above them; for a finger the style sheet fixes it to the bottom edge.
export function showBar() {
  markBar.hidden = false;
  const rects = [...rangeOf(pending).getClientRects()];
  const last = rects.at(-1);
  const { offsetWidth: width, offsetHeight: height } = markBar;
  const below = last.bottom + 10;
  const y = below + height < innerHeight ? below : Math.max(8, rects[0].top - height - 10);
  const x = Math.min(Math.max(8, last.right - width / 2), innerWidth - width - 24);
  markBar.style.setProperty("--x", `${x + scrollX}px`);
  markBar.style.setProperty("--y", `${y + scrollY}px`);
}

export const current = () => pending ?? (here() && spanOf(here()));

// Whether there is something to save: the words chosen, or the sentence that has the focus.
export function isChosen() {
  if (!current()) return false;
  if (!pending) choose(current(), "keys");
  return true;
}

on("submit", (event) => does.mark(event.submitter?.value, event), markBar);
on("click", ({ target }) => {
  const { edge, by } = target.closest("[data-edge]")?.dataset ?? {};
  if (edge) adjust(edge, Number(by));
  if (target.closest("[data-close]")) leave();
}, markBar);
// A press on the bar keeps the selection.
on("pointerdown", (event) => event.target.closest("input") || event.preventDefault(), markBar);

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
  if (!markBar.contains(event.target)) isExact = event.altKey;
  rest();
});
function take() {
  const selection = getSelection();
  if (isPressed || focused().matches("input, textarea, select")) return;
  if (selection.isCollapsed) {
    if (pending?.by === "selection" && !markBar.contains(focused())) drop();
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

export function stand(sentence) {
  if (!sentence) return;
  tabStop()?.removeAttribute("tabindex");
  sentence.tabIndex = 0;
  sentence.focus();
}

export function step(by) {
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
  $("input:not([type=hidden])", markBar)?.focus();
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
  if (!isPlain(event)) return null;
  const isStanding = target.matches(".s");
  if (key === "Escape") return pending ? [leave] : does.escape?.();
  if (key === "Enter" && (isStanding || (pending && target === document.body))) return [does.mark];
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
