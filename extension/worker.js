// One click, key or menu entry: reads the page, opens ours in a new tab, and gives it what was read.
import { captureAddress, pattern, settings } from "./settings.js";

const say = chrome.i18n.getMessage;

chrome.runtime.onInstalled.addListener(({ reason }) => {
  chrome.contextMenus.create({ id: "statement", title: say("check_statement"), contexts: ["selection"] });
  chrome.contextMenus.create({ id: "page", title: say("check_page"), contexts: ["page"] });
  if (reason === "install") chrome.runtime.openOptionsPage();
});
chrome.action.onClicked.addListener((tab) => check(tab));
chrome.contextMenus.onClicked.addListener(({ selectionText }, tab) => check(tab, selectionText));

async function check(tab, selected) {
  const wanted = await settings();
  const { server } = wanted;
  if (wanted.isPreset || !(await chrome.permissions.contains(pattern(server)))) {
    await chrome.runtime.openOptionsPage();
    return;
  }
  await show(tab.id, "…", "reading");
  const page = await read(tab.id);
  if (!page) {
    await show(tab.id, "!", "problem_closed");
    await explain("closed", { index: tab.index + 1 });
    return;
  }
  // Words in a frame of another site are not in what was read.
  if (selected && !page.passage) page.passage = { exact: selected, prefix: "", suffix: "" };
  await show(tab.id, "", "check_page");
  const opened = await chrome.tabs.create({ url: captureAddress(wanted), index: tab.index + 1, openerTabId: tab.id });
  await loaded(opened.id);
  const isGiven = await give(opened.id, page, server);
  if (!isGiven) await explain("unreachable", {}, opened.id);
}

/** What is on the page; nothing where the browser lets no extension read. */
async function read(tabId) {
  try {
    const [{ result }] = await chrome.scripting.executeScript({ target: { tabId }, files: ["collect.js"] });
    return result;
  } catch {
    return null;
  }
}

/** Gives the page to ours, if it is ours that was opened. */
async function give(tabId, page, server) {
  const hand = (page, server) => {
    if (location.origin !== server || location.pathname !== "/capture") return false;
    postMessage(page, server);
    return true;
  };
  try {
    const [{ result }] = await chrome.scripting.executeScript({ target: { tabId }, func: hand, args: [page, server] });
    return result;
  } catch {
    return false;
  }
}

function loaded(tabId) {
  return new Promise((done) => {
    const look = (id, { status }) => {
      if (id !== tabId || status !== "complete") return;
      chrome.tabs.onUpdated.removeListener(look);
      chrome.tabs.onRemoved.removeListener(gone);
      done();
    };
    const gone = (id) => look(id, { status: "complete" });
    chrome.tabs.onUpdated.addListener(look);
    chrome.tabs.onRemoved.addListener(gone);
    chrome.tabs.get(tabId).then(({ id, status }) => look(id, { status }), () => gone(tabId));
  });
}

/** What the button shows: a sign, and what it means in words. */
async function show(tabId, text, message) {
  await Promise.all([
    chrome.action.setBadgeText({ tabId, text }),
    chrome.action.setTitle({ tabId, title: say(message) }),
  ]).catch(() => {});
}

async function explain(reason, place, tabId) {
  const url = chrome.runtime.getURL(`problem.html?why=${reason}`);
  if (!tabId) await chrome.tabs.create({ url, ...place });
  else await chrome.tabs.update(tabId, { url }).catch(() => {});
}
