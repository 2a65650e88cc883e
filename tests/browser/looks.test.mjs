// Verdicts can be told apart without colour: in print, in forced colours, in grey.
import assert from "node:assert/strict";
import { test } from "node:test";
import { useDemo } from "./harness.mjs";
import { openArticle, waterBills } from "./articles.mjs";

const desk = useDemo();

/** How the pieces of rated claims are underlined, by the class of their shape. */
const underlines = (page) =>
  page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll("#text mark[class*=v-]")].map((piece) => {
        const { textDecorationStyle, borderBottomStyle, textDecorationLine, textDecorationThickness } = getComputedStyle(piece);
        const shape = [...piece.classList].find((name) => name.startsWith("v-"));
        return [shape, [textDecorationLine, textDecorationStyle, textDecorationThickness, borderBottomStyle].join(" ")];
      }),
    ),
  );

for (const [how, media] of [
  ["on screen", {}],
  ["in the dark", { colorScheme: "dark" }],
  ["in forced colours", { forcedColors: "active" }],
  ["in print", { media: "print" }],
]) {
  test(`each verdict has a line of its own ${how}`, async () => {
    const page = await desk.open(null);
    await page.goto("/demo/articles");
    await openArticle(page, waterBills);
    await page.emulateMedia(media);
    const found = await underlines(page);
    assert.ok(Object.keys(found).length >= 4, JSON.stringify(found));
    assert.equal(new Set(Object.values(found)).size, Object.keys(found).length, JSON.stringify(found));
  });
}

test("print leaves the controls out and the references in", async () => {
  const page = await desk.open("annotator");
  await openArticle(page, waterBills);
  await page.emulateMedia({ media: "print" });
  for (const selector of [".demo-banner", "header.site nav", ".tools", "#mark-bar", "#add-claim", "#panel"]) {
    assert.equal(await page.locator(selector).first().isVisible(), false, selector);
  }
  assert.ok(await page.locator("#text .ref").first().isVisible());
  assert.ok(await page.locator("#claims li").first().isVisible());
});

test("in forced colours, what has the focus has an outline", async () => {
  const page = await desk.open("annotator");
  await openArticle(page, waterBills);
  await page.emulateMedia({ forcedColors: "active" });
  await page.keyboard.press("j");
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.notEqual(outline, "none");
});
