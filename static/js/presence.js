// Says every twenty seconds that somebody is on this claim, as long as the page is looked at, and who else is. It stands alone:
// pages load it beside their own script.
const presenceBox = document.querySelector("[data-presence]");
const [said] = presenceBox?.querySelectorAll("[role=status]") ?? [];
const takeOver = presenceBox?.querySelector("form");
const address = presenceBox?.dataset.presence;
let state = null;

const sent = (fields) => new URLSearchParams({ csrf: presenceBox.dataset.csrf, ...fields });

async function beat(fields) {
  if (document.hidden) return;
  const request = { method: "POST", headers: { accept: "application/json" }, body: sent(fields) };
  const told = await fetch(address, request).then((answer) => (answer.ok ? answer.json() : null), () => null);
  if (!told || (told.state === state && !fields)) return;
  const isTheirs = told.state === "theirs" || told.state === "taken";
  const name = document.createElement("bdi");
  name.textContent = told.name;
  const words = told.state === "taken" ? "took over" : "is on this claim";
  if (isTheirs) said.replaceChildren(name, ` ${words} since ${told.since}.`);
  else if (state !== null) said.replaceChildren(fields ? "You are on this claim now." : "");
  takeOver.hidden = !isTheirs;
  state = told.state;
}

takeOver?.addEventListener("submit", (event) => {
  event.preventDefault();
  beat({ over: "yes" });
});
document.addEventListener("visibilitychange", () => presenceBox && beat());
addEventListener("pagehide", () => {
  if (state === "mine") navigator.sendBeacon(`${address}/end`, sent());
});
if (presenceBox) {
  setInterval(beat, 20_000);
  beat();
}
