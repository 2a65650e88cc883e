// From paste to exported claim on a telephone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { scrollsSideways, useDemo } from "./harness.mjs";
import { goTheWholeWay, statement, words } from "./journey.mjs";
import { touch } from "./hands.mjs";

const desk = useDemo();
const options = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

test("an article goes from paste to exported claim with a finger", async () => {
  await goTheWholeWay(
    desk,
    touch,
    async (page) => {
      // A tap marks the sentence; the bar's buttons move its edges.
      const sentence = page.locator("#text .s", { hasText: statement });
      await sentence.tap({ position: { x: 12, y: 10 } });
      const bar = page.locator("#mark-bar");
      await bar.getByRole("button", { name: "Start one word later" }).tap();
      await bar.getByRole("button", { name: "End one word earlier" }).tap();
      assert.ok((await bar.boundingBox()).height < 370, "the bar leaves half of the screen to the text");
      assert.equal(await scrollsSideways(page), false);
      await touch.type(bar.getByLabel(/plain words/), words);
      await bar.getByRole("button", { name: /^Claim/ }).tap();
      await page.locator("#claims").getByRole("link", { name: words }).waitFor({ state: "attached" });
    },
    options,
  );
});
