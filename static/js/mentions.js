// Completes the names of members after an @ in a comment. It stands beside the page's own script and shares nothing with it.
const called = /(?:^|[^\w.@-])@([a-z0-9._-]{0,39})$/i;
const mostNames = 8;
let nameList = null;
let typedIn = null;
let at = 0;

const rows = () => [...nameList.children];
function close() {
  nameList?.remove();
  nameList = null;
  for (const name of ["aria-controls", "aria-activedescendant", "aria-autocomplete"]) typedIn?.removeAttribute(name);
}

function pointTo(index) {
  at = (index + rows().length) % rows().length;
  rows().forEach((row, place) => row.setAttribute("aria-selected", `${place === at}`));
  typedIn.setAttribute("aria-activedescendant", rows()[at].id);
}

function suggest(target) {
  close();
  typedIn = target;
  const typed = typedIn.value.slice(0, typedIn.selectionStart).match(called)?.[1]?.toLowerCase();
  if (typed === undefined) return;
  const fits = ({ value, label }) => value.startsWith(typed) || label.toLowerCase().split(/\s+/).some((word) => word.startsWith(typed));
  const members = [...document.querySelectorAll("#members option")].filter(fits).slice(0, mostNames);
  if (members.length === 0) return;
  nameList = Object.assign(document.createElement("ul"), { className: "mentions", id: "mentions" });
  nameList.setAttribute("role", "listbox");
  nameList.setAttribute("aria-label", "Members");
  members.forEach(({ value, label }, place) => {
    const row = Object.assign(document.createElement("li"), { id: `mention-${place}` });
    row.dataset.handle = value;
    row.setAttribute("role", "option");
    row.append(`@${value} `, Object.assign(document.createElement("span"), { className: "hint", textContent: label, dir: "auto" }));
    nameList.append(row);
  });
  typedIn.after(nameList);
  typedIn.setAttribute("aria-autocomplete", "list");
  typedIn.setAttribute("aria-controls", nameList.id);
  pointTo(0);
}

function complete(row) {
  const typed = typedIn.value.slice(0, typedIn.selectionStart).match(called)[1];
  const from = typedIn.selectionStart - typed.length;
  typedIn.setRangeText(`${row.dataset.handle} `, from, typedIn.selectionStart, "end");
  typedIn.dispatchEvent(new Event("input", { bubbles: true }));
  typedIn.focus();
}

document.addEventListener("input", ({ target }) => target.matches("[data-mentions]") && suggest(target));
document.addEventListener("focusout", ({ target }) => target === typedIn && close());
document.addEventListener("pointerdown", (event) => {
  const row = event.target.closest?.("#mentions > li");
  if (!row) return;
  event.preventDefault();
  complete(row);
});
document.addEventListener("keydown", (event) => {
  if (!nameList || event.target !== typedIn || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = { ArrowDown: () => pointTo(at + 1), ArrowUp: () => pointTo(at - 1), Enter: () => complete(rows()[at]), Tab: () => complete(rows()[at]), Escape: close }[event.key];
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}, true);
