// The list of a page's keys, and the switch that turns them off. It stands alone: pages load it beside their own script.
const keyList = document.getElementById("keys");
for (const opener of document.querySelectorAll("[data-keys]")) opener.addEventListener("click", () => keyList.showModal());
document.addEventListener("keydown", (event) => {
  const isBrowsers = event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey;
  const isTyped = event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select");
  if (event.key !== "?" || isBrowsers || isTyped || localStorage.keys === "off" || keyList.open) return;
  event.preventDefault();
  keyList.showModal();
});
