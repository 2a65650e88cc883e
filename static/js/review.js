// The list of marks that need a look: single keys act on the mark that has the focus, and on no other.
import { $$, on } from "./page.js";
import { isCommand } from "./forms.js";

on("keydown", (event) => {
  if (!isCommand(event)) return;
  const row = event.target.closest("[data-row]");
  const pressed = row && $$("[data-press]", row).find((made) => made.dataset.press === event.key);
  pressed?.click();
});
