// From paste to exported claim with the mouse.
import { test } from "node:test";
import { useDemo } from "./harness.mjs";
import { goTheWholeWay, statement, words } from "./journey.mjs";
import { mouse } from "./hands.mjs";
import { dragOver } from "./words.mjs";

const desk = useDemo();

test("an article goes from paste to exported claim with the mouse", async () => {
  await goTheWholeWay(desk, mouse, async (page) => {
    await dragOver(page, statement);
    const bar = page.locator("#mark-bar");
    await mouse.type(bar.getByLabel(/plain words/), words);
    await bar.getByRole("button", { name: /^Claim/ }).click();
    await page.locator("#claims").getByRole("link", { name: words }).waitFor();
  });
});
