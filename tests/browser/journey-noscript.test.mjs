// From paste to exported claim in a browser that runs no script.
import assert from "node:assert/strict";
import { test } from "node:test";
import { useDemo } from "./harness.mjs";
import { openArticle, waterBills } from "./articles.mjs";
import { goTheWholeWay, statement, words } from "./journey.mjs";
import { mouse } from "./hands.mjs";

const desk = useDemo();
const options = { javaScriptEnabled: false };

test("an article goes from paste to exported claim without script", async () => {
  await goTheWholeWay(
    desk,
    mouse,
    async (page) => {
      await page.getByRole("link", { name: "Add by its words" }).click();
      // As somebody types it: plain quotes, three dots.
      await page.getByLabel(/^The words, as they stand/).fill(statement.replace("…", "..."));
      await page.locator("main").getByLabel(/^The claim in plain words/).fill(words);
      await page.getByRole("button", { name: "Mark as claim" }).click();
    },
    options,
  );
});

test("a sentence is marked from the list of sentences", async () => {
  const page = await desk.open("annotator", options);
  await openArticle(page, waterBills);
  await page.getByRole("link", { name: "Sentence list" }).click();
  const sentence = page.locator(".sentence-list li").nth(3);
  const text = await sentence.locator(".quote").innerText();
  await sentence.getByRole("button", { name: "Mark as claim" }).click();
  await page.goto("/demo/claims");
  assert.ok((await page.locator("main").innerText()).includes(text.slice(0, 60)));
});

test("a field that is wrong is shown where it is, and what was typed is kept", async () => {
  const page = await desk.open("annotator", options);
  await openArticle(page, waterBills);
  await page.getByLabel(/^The words, as they stand/).fill("words that nobody wrote");
  await page.locator("main").getByLabel(/^The claim in plain words/).fill("Kept");
  await page.getByRole("button", { name: "Mark as claim" }).click();
  assert.match(await page.title(), /^Error: /);
  assert.equal(await page.getByLabel(/^The words, as they stand/).inputValue(), "words that nobody wrote");
  assert.equal(await page.locator("main").getByLabel(/^The claim in plain words/).inputValue(), "Kept");
  await page.getByRole("alert").getByRole("link").click();
  assert.ok(page.url().endsWith("#quote"));
});

test("words that stand several times ask which place is meant", async () => {
  const page = await desk.open("annotator", options);
  await openArticle(page, waterBills);
  await page.getByLabel(/^The words, as they stand/).fill("the");
  await page.getByRole("button", { name: "Mark as claim" }).click();
  const places = page.getByRole("radio");
  assert.ok((await places.count()) > 2);
  await places.nth(1).check();
  await page.getByRole("button", { name: "Mark as claim" }).click();
  assert.doesNotMatch(await page.title(), /^Error: /);
});
