// Completes the names of members after an @ in a comment. It stands beside the page's own script and shares nothing with it.
const called = /(?:^|[^\w.@-])@([a-z0-9._-]{0,39})$/i;
const most = 8;
let list = null;
let field = null;
let at = 0;

const rows = () => [...list.children];
function close() {
  list?.remove();
  list = null;
  for (const name of ["aria-controls", "aria-activedescendant", "aria-autocomplete"]) field?.removeAttribute(name);
}

function mark(index) {
  at = (index + rows().length) % rows().length;
  rows().forEach((row, place) => row.setAttribute("aria-selected", `${place === at}`));
  field.setAttribute("aria-activedescendant", rows()[at].id);
}

function suggest(target) {
  close();
  field = target;
  const typed = field.value.slice(0, field.selectionStart).match(called)?.[1]?.toLowerCase();
  if (typed === undefined) return;
  const fits = ({ value, label }) => value.startsWith(typed) || label.toLowerCase().split(/\s+/).some((word) => word.startsWith(typed));
  const members = [...document.querySelectorAll("#members option")].filter(fits).slice(0, most);
  if (members.length === 0) return;
  list = Object.assign(document.createElement("ul"), { className: "mentions", id: "mentions" });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Members");
  members.forEach(({ value, label }, place) => {
    const row = Object.assign(document.createElement("li"), { id: `mention-${place}` });
    row.dataset.handle = value;
    row.setAttribute("role", "option");
    row.append(`@${value} `, Object.assign(document.createElement("span"), { className: "hint", textContent: label, dir: "auto" }));
    list.append(row);
  });
  field.after(list);
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  mark(0);
}

function choose(row) {
  const typed = field.value.slice(0, field.selectionStart).match(called)[1];
  const from = field.selectionStart - typed.length;
  field.setRangeText(`${row.dataset.handle} `, from, field.selectionStart, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

document.addEventListener("input", ({ target }) => target.matches("[data-mentions]") && suggest(target));
document.addEventListener("focusout", ({ target }) => target === field && close());
document.addEventListener("pointerdown", (event) => {
  const row = event.target.closest?.("#mentions > li");
  if (!row) return;
  event.preventDefault();
  choose(row);
});
document.addEventListener("keydown", (event) => {
  if (!list || event.target !== field || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = { ArrowDown: () => mark(at + 1), ArrowUp: () => mark(at - 1), Enter: () => choose(rows()[at]), Tab: () => choose(rows()[at]), Escape: close }[event.key];
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}, true);
