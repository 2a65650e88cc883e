// The open claim beside the text, and the pieces of a claim lit together.
import { $, $$, ask, byId, isPlain, on } from "./page.js";
import { restore } from "./drafts.js";

export const panel = $("#panel");
const empty = [...panel.childNodes];
let asked = 0;
export let opened = null;

// Opens a claim; what cannot be shown here is gone to instead.
export async function openClaim(url, number, takeFocus) {
  asked += 1;
  const turn = asked;
  const { nodes } = await ask(url);
  if (turn !== asked) return;
  if (!nodes || !$("[data-part]", nodes)) {
    location.href = url;
    return;
  }
  panel.replaceChildren(nodes);
  panel.classList.add("open");
  panel.scrollTop = 0;
  opened = number;
  light(opened);
  restore(panel);
  if (getComputedStyle(panel).position === "fixed") byId(`r${opened}`)?.scrollIntoView({ block: "center" });
  if (takeFocus) $("h2", panel)?.focus({ preventScroll: true });
}

export function closePanel(giveFocus = true) {
  asked += 1;
  panel.classList.remove("open");
  panel.replaceChildren(...empty);
  if (giveFocus) byId(`r${opened}`)?.focus();
  opened = null;
  light();
}

export function light(number) {
  const its = `[data-c~="${number}"], #r${number}, #c${number}`;
  for (const piece of $$(`.on, ${its}`)) piece.classList.toggle("on", piece.matches(its));
}

const numberOf = (element) => element.closest(".ref, .claim-list > li")?.id.slice(1);
on("pointerover focusin pointerout focusout", ({ type, target }) => {
  const number = numberOf(target);
  if (number) light(/over$|in$/.test(type) ? number : opened);
});

on("click", (event) => {
  const { target } = event;
  const link = target.closest(".ref, a[data-panel]");
  const isClose = target.closest("#panel [data-close]");
  if (!(link || isClose) || !isPlain(event) || event.shiftKey) return;
  event.preventDefault();
  if (isClose) closePanel();
  else openClaim(link.href, numberOf(link), true);
});
