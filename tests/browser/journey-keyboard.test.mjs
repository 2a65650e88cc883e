// From paste to exported claim without touching a mouse.
import assert from "node:assert/strict";
import { test } from "node:test";
import { useDemo } from "./harness.mjs";
import { goTheWholeWay, statement, words } from "./journey.mjs";
import { keys } from "./hands.mjs";

const desk = useDemo();

test("an article goes from paste to exported claim with keys alone", async () => {
  await goTheWholeWay(desk, keys, async (page) => {
    const bar = page.locator("#mark-bar");
    // Shown in the text, and said: the bar itself opens with w.
    const marked = () => bar.locator(".words").textContent();
    // To the sentence, then its edges to the words.
    for (let n = 0; n < 20 && !(await isOn(page, statement)); n++) await page.keyboard.press("j");
    await page.keyboard.press("]");
    for (let n = 0; n < 40 && !(await marked()).startsWith(statement.slice(0, 9)); n++) await page.keyboard.press("]");
    for (let n = 0; n < 40 && !(await marked()).endsWith(statement.slice(-8)); n++) await page.keyboard.press("{");
    assert.equal(await marked(), statement);
    await page.keyboard.press("w");
    await page.keyboard.insertText(words);
    await page.keyboard.press("Enter");
    await page.locator("#claims").getByRole("link", { name: words }).waitFor();
  });
});

const isOn = (page, text) => page.evaluate((text) => document.activeElement.matches(".s") && document.activeElement.textContent.includes(text), text);

test("a sentence is marked with two keys, and single keys can be switched off", async () => {
  const page = await desk.open("annotator");
  await page.goto("/demo/articles");
  await page.locator("main .rows a, main table a").first().click();
  await page.locator("#text").waitFor();
  await page.waitForLoadState();
  const marks = () => page.locator("#text .ref").count();
  const before = await marks();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForFunction((before) => document.querySelectorAll("#text .ref").length === before + 1, before);

  await page.locator("details.menu", { hasText: "Reading options" }).locator("summary").click();
  await page.getByLabel("Single-letter keys").uncheck();
  await page.locator("h1").click();
  await page.keyboard.press("j");
  assert.equal(await page.evaluate(() => document.activeElement.matches(".s")), false);
  await page.reload();
  await page.keyboard.press("?");
  assert.equal(await page.locator("#keys").isVisible(), false, "the choice is kept");
});
