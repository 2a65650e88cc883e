// What is being archived: asked for again until it is, less and less often, and printed anew in place. It brings what else pages
// with sources have, since all that asks the server shares one module.
import "./paste.js";
import { $, $$, ask, byId, renew } from "./page.js";

const KEPT_FIRST_MS = 1_000;
const KEPT_MOST_MS = 30_000;

// Prints the evidence that waited anew; the focus stays where it was.
async function renewItems(section, items) {
  const { answer, nodes } = await ask(section.dataset.from).catch(() => ({}));
  if (!answer?.ok || !nodes) return;
  for (const item of items) {
    const fresh = $(`#${CSS.escape(item.id)}`, nodes);
    if (fresh && item.isConnected) renew(item, fresh);
  }
}

async function lookAtKept(wait) {
  const addresses = new Set($$("[data-waits]").map((line) => line.dataset.waits));
  for (const address of addresses) {
    const { answer, nodes } = await ask(address).catch(() => ({}));
    if (!answer?.ok || !nodes || $("[data-waits]", nodes)) continue;
    const part = $("[data-part]", nodes);
    if (byId(part?.id)) renew(byId(part.id), part);
    const items = $$("[data-waits]").filter((line) => line.dataset.waits === address).map((line) => line.closest("li"));
    const section = items[0]?.closest("[data-from]");
    if (section) await renewItems(section, items);
  }
  const next = addresses.size > 0 ? Math.min(wait * 1.5, KEPT_MOST_MS) : KEPT_FIRST_MS;
  setTimeout(lookAtKept, next, next);
}

setTimeout(lookAtKept, KEPT_FIRST_MS, KEPT_FIRST_MS);
