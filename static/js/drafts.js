// What is typed is kept until it is sent: keep.js does so, and comes when somebody begins to type or has drafts.
import { $, $$, button, on, say } from "./page.js";

const mine = $("[data-drafts]");
let keeper;
function keep(act) {
  keeper ??= import(new URL("keep.js", import.meta.url)).then(({ start }) => start({ $, $$, button, on, say }));
  // Without an answer it is asked for anew with the next key.
  keeper.then(act, () => (keeper = null));
}
const hasLocal = () => Object.keys(localStorage).some((at) => at.startsWith("draft:"));

if (mine) on("focusin input change", ({ target: { form } }) => form && keep(({ typed }) => typed(form)));
on("submit", ({ target }) => {
  if (target.matches("[action='/sign-out']")) for (const at of Object.keys(localStorage)) if (at.startsWith("draft:")) delete localStorage[at];
});

export const still = (form) => keeper?.then((keeping) => keeping?.still(form));
export const forget = (form, body) => keeper?.then((keeping) => keeping?.forget(form, body));
export function restore(root) {
  if (mine && (mine.dataset.drafts > 0 || hasLocal())) keep((keeping) => keeping.restore(root));
}
