// An article from right to left, in a desk whose pages run from left to right.
import assert from "node:assert/strict";
import { test } from "node:test";
import { useDemo } from "./harness.mjs";
import { harbour, openArticle } from "./articles.mjs";

const desk = useDemo();

test("the article runs from right to left, the tool around it from left to right", async () => {
  const page = await desk.open("annotator");
  await openArticle(page, harbour);
  const direction = (selector) => page.locator(selector).first().evaluate((element) => getComputedStyle(element).direction);
  assert.equal(await direction("#text"), "rtl");
  assert.equal(await direction("article .tools"), "ltr");
  assert.equal(await direction("header.site"), "ltr");
  assert.equal(await page.locator("article.reading").getAttribute("lang"), "ar");
  // The text begins at the right edge.
  const { block, text } = await page.evaluate(() => {
    const paragraph = document.querySelector("#text p");
    const range = new Range();
    range.selectNodeContents(paragraph);
    return { block: paragraph.getBoundingClientRect().right, text: range.getClientRects()[0].right };
  });
  assert.ok(Math.abs(block - text) < 3, `${block} ${text}`);
});

test("keys move the edges by the order of the text, not of the screen", async () => {
  const page = await desk.open("annotator");
  await openArticle(page, harbour);
  for (let n = 0; n < 3; n++) await page.keyboard.press("j");
  await page.keyboard.press("]");
  const one = await page.locator("#mark-bar .words").textContent();
  await page.keyboard.press("]");
  const two = await page.locator("#mark-bar .words").textContent();
  assert.ok(one.endsWith(two) && two.length < one.length, `${one} | ${two}`);
});
