// The words of a page of ours, in the language of the browser.
const root = document.documentElement;
root.lang = chrome.i18n.getUILanguage();
root.dir = chrome.i18n.getMessage("@@bidi_dir");
for (const element of document.querySelectorAll("[data-message]")) {
  element.textContent = chrome.i18n.getMessage(element.dataset.message);
}
document.title = `${document.querySelector("h1").textContent} – Factdesk`;
