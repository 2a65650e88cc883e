// Says why a page could not be taken, and what works instead.
import { settings } from "./settings.js";

const why = new URLSearchParams(location.search).get("why");
const known = ["closed", "unreachable"].includes(why) ? why : "closed";
document.getElementById("why").textContent = chrome.i18n.getMessage(`problem_${known}`);
const { server, desk } = await settings();
const paste = document.getElementById("paste");
if (server) {
  paste.href = desk ? `${server}/${encodeURIComponent(desk)}/articles/new` : server;
  paste.hidden = false;
}
