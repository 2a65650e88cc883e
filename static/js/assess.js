// Counts how long somebody works on a form: the seconds in which the page is seen and something was done lately. It stands
// alone: pages load it beside their own script.

const assessing = document.querySelector("form[data-active]");
// Reading goes on without a key for a while.
const pauseMs = 60_000;
let lastDoneAt = 0;
let activeSeconds = Number(assessing?.elements.seconds_active.value ?? 0);
for (const sign of ["keydown", "pointerdown", "pointermove", "scroll", "focusin"]) {
  document.addEventListener(sign, () => (lastDoneAt = Date.now()));
}
setInterval(() => {
  if (assessing && document.visibilityState === "visible" && Date.now() - lastDoneAt < pauseMs) {
    activeSeconds += 1;
    assessing.elements.seconds_active.value = activeSeconds;
  }
}, 1000);
