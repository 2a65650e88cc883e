// The page of settings: where pages go. The browser asks whether this extension may reach that address, and no other.
import { originOf, pattern, settings } from "./settings.js";

const say = chrome.i18n.getMessage;
const byId = (id) => document.getElementById(id);
const server = byId("server");
const desk = byId("desk");
const state = byId("state");

const before = await settings();
server.value = before.server;
desk.value = before.desk;
const [{ shortcut } = {}] = await chrome.commands.getAll();
byId("key").textContent = shortcut || say("no_key");

function refuse(message) {
  server.setAttribute("aria-invalid", String(Boolean(message)));
  byId("server-error").textContent = message ? say(message) : "";
  if (message) server.focus();
}

byId("settings").addEventListener("submit", async (event) => {
  event.preventDefault();
  state.textContent = "";
  const origin = originOf(server.value);
  refuse(origin ? null : "server_wrong");
  if (!origin) return;
  // Has to be asked in answer to the click, before anything is waited for.
  const isAllowed = await chrome.permissions.request(pattern(origin)).catch(() => false);
  if (!isAllowed) {
    refuse("not_allowed");
    return;
  }
  const { server: old } = await chrome.storage.local.get("server");
  await chrome.storage.local.set({ server: origin, desk: desk.value.trim() });
  if (old && old !== origin) await chrome.permissions.remove(pattern(old)).catch(() => {});
  server.value = origin;
  state.textContent = say("saving");
  state.textContent = say((await answers(origin)) ? "saved" : "saved_no_answer");
});

// Not before all of this is here: what is typed and sent earlier would be lost.
byId("fields").disabled = false;

/** Whether a Factdesk server is there. */
async function answers(origin) {
  try {
    const answer = await fetch(`${origin}/live`, { credentials: "omit" });
    return (await answer.text()) === "live\n";
  } catch {
    return false;
  }
}
