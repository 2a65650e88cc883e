// Marking words of the article as claims.
import { $, $$, isSaveKey, newKey, on, say } from "./page.js";
import { queue, send } from "./forms.js";
import { article, blocksIn, prose, wire } from "./text.js";
import { markBar, isChosen, does, drop, pending, problem, showBar, stand, step } from "./marking.js";
import { closePanel, openClaim, opened, panel } from "./panel.js";
import { after, refresh } from "./live.js";

let attempt = {};
let isSaving = false;
does.mark = async (rating, event) => {
  event?.preventDefault();
  if (isSaving || !isChosen()) return;
  isSaving = true;
  const saving = save(rating).catch(() => "No answer. Try again.");
  after(saving);
  const failure = await saving;
  isSaving = false;
  if (!failure) return;
  showBar();
  problem.textContent = failure;
};
does.escape = () => opened && [closePanel];

async function save(rating) {
  const { desk, article: id, csrf, version } = article.dataset;
  const claimed = markBar.elements.claim_reviewed.value.trim();
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

on("keydown", (event) => {
  if (!isSaveKey(event) || !opened || $("dialog[open]")) return;
  event.preventDefault();
  saveAndGoOn();
});

async function saveAndGoOn() {
  const areSaved = await Promise.all([queue, ...$$("form[data-dirty]", panel).map((one) => send(one))]);
  if (!areSaved.every(Boolean)) return;
  const last = $$(`[data-c~="${opened}"]`).at(-1)?.closest(".s");
  closePanel(false);
  stand(last);
  step(1);
}
