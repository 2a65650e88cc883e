// Keeps what is typed in this browser until the server has it: through a lost session, a crash, a wrong click.
import { $$, button, on, say } from "./page.js";

const keepers = "form:is([data-draft], [data-autosave])";
const typed = ":is(textarea, input:not([type]), input[type=text], input[type=url], input[type=search])";
const slot = ({ form, name }) => `draft:${form.dataset.draft ?? form.getAttribute("action")}:${name}`;
const recall = (at) => JSON.parse(localStorage[at] ?? null);
const keep = (field, draft) => (localStorage[slot(field)] = JSON.stringify(draft));
const erase = (field) => delete localStorage[slot(field)];

on("input", ({ target }) => {
  if (!target.matches(`${keepers} ${typed}`)) return;
  if (target.value === target.defaultValue) erase(target);
  else keep(target, { base: target.defaultValue, value: target.value });
});

// A sent form is answered with what it held, unless no answer comes: then the next page is no new one.
on("submit", ({ target }) => {
  if (target.matches("[action='/sign-out']")) forgetAll(() => true);
  for (const field of target.matches("[data-draft]:not([data-send])") ? target.elements : []) {
    const draft = recall(slot(field));
    if (draft) keep(field, { ...draft, sent: true });
  }
});
function forgetAll(which) {
  for (const at of Object.keys(localStorage)) if (at.startsWith("draft:") && which(recall(at))) delete localStorage[at];
}
if (performance.getEntriesByType("navigation")[0]?.type === "navigate") forgetAll(({ sent }) => sent);

export function forget(form, body) {
  for (const field of form.elements) if (field.value === body.get(field.name)) erase(field);
}

export function restore(root) {
  for (const field of $$(`${keepers} ${typed}`, root)) {
    const draft = recall(slot(field));
    const putBack = () => {
      field.value = draft.value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    };
    if (!draft || draft.value === field.defaultValue) erase(field);
    else if (draft.base === field.defaultValue) putBack();
    else say("You typed something else here. ", button("Put it back", putBack));
  }
}
