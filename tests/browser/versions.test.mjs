// What changed between two versions, and the marks that need a look: by mouse, by keys, without script, at any width.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessibilityFaults, scrollsSideways, useDemo } from "./harness.mjs";
import { addArticle } from "./articles.mjs";

const desk = useDemo();

const first = `The ferry carried 214,000 people last year, its owner said.

Nobody waits longer than ten minutes at the pier, she added on Monday.

The line asked the county for 1.2 million crowns. Her captain disagreed in an interview with the Skarholm Post.

قال الوزير: «لن يُغلق الميناء». ثم عاد إلى المدينة.

A last paragraph stays as it is, word for word.`;

const second = `The line asked the county for 1.2 million crowns. Her captain disagreed in an interview with the Skarholm Post.

The ferry carried 198,000 people last year, its owner said.

قال الوزير: «سيُغلق الميناء». ثم عاد إلى المدينة.

A last paragraph stays as it is, word for word.`;

/** An article of two versions with four marks, of which some need a look; ends on the list of them. */
async function revised(page, title) {
  // Each of its own, so that it is not found to be here already.
  const end = `\n\nThis was written about “${title}”.`;
  await addArticle(page, { title, text: first + end });
  const path = new URL(page.url()).pathname;
  for (const words of ["carried 214,000 people last year", "Nobody waits longer than ten minutes", "1.2 million crowns", "لن يُغلق الميناء"]) {
    await page.goto(path);
    await page.locator("#quote").fill(words);
    await page.locator("#add-claim").getByRole("button", { name: "Mark as claim" }).click();
    await page.waitForLoadState("load");
  }
  await page.goto(path);
  await page.getByRole("link", { name: "Paste a new text" }).click();
  await page.locator("#text").fill(second + end);
  await page.locator("#format").selectOption("text");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Add version 2" }).click();
  await page.getByRole("link", { name: /marks? needs? a look/ }).click();
  await page.locator(".looks").waitFor();
  return path;
}

const waiting = (page) => page.locator("[data-row]").count();

/** What is wrong with the page as it is: in light, in dark, and 320 px wide. */
async function faults(page) {
  const found = await accessibilityFaults(page);
  await page.emulateMedia({ colorScheme: "dark" });
  found.push(...(await accessibilityFaults(page, ["color-contrast", "link-in-text-block"])));
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 320, height: 640 });
  if (await scrollsSideways(page)) found.push("it scrolls sideways at 320 px");
  await page.setViewportSize({ width: 1280, height: 900 });
  return found;
}

test("marks that need a look are decided on with the mouse", async () => {
  const page = await desk.open("annotator");
  const path = await revised(page, "The ferry, by mouse");
  assert.match(await page.locator("h1").innerText(), /^3 of 4 marks need a look$/);
  assert.deepEqual(await faults(page), []);
  await page.getByRole("button", { name: "Confirm these words" }).first().click();
  await page.locator(".notice.good").waitFor();
  assert.equal(await waiting(page), 2);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.locator("[data-row]").nth(2).waitFor();
  const lost = page.locator("[data-row]", { hasText: "Nobody waits longer" });
  await lost.getByText("Other words").click();
  await lost.getByLabel("The words it stands on now").fill("stays as it is");
  await lost.getByRole("button", { name: "Move to these words" }).click();
  await page.locator(".notice.good").waitFor();
  await page.goto(path);
  assert.deepEqual(await page.locator("#text mark").allInnerTexts(), ["1.2 million crowns", "stays as it is"]);
});

test("marks that need a look are decided on by keys, each key for the mark that has the focus", async () => {
  const page = await desk.open("annotator");
  await revised(page, "The ferry, by keys");
  // Without a focus, no key decides anything.
  await page.keyboard.press("x");
  await page.waitForLoadState("networkidle");
  assert.equal(await waiting(page), 3);
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  const words = await page.evaluate(() => document.activeElement.textContent);
  assert.match(words, /Nobody waits longer/);
  // It has no words to confirm: the key does nothing, also to no other mark.
  await page.keyboard.press("c");
  await page.waitForTimeout(200);
  assert.equal(await waiting(page), 3);
  await page.keyboard.press("x");
  await page.locator(".notice.good").waitFor();
  assert.match(await page.locator(".notice.good").innerText(), /Left without a place/);
  assert.equal(await waiting(page), 2);
  // It goes on with the next one.
  const next = await page.evaluate(() => document.activeElement.textContent);
  assert.doesNotMatch(next, /Nobody waits longer/);
  await page.keyboard.press("z");
  await page.locator("[data-row]").nth(2).waitFor();
});

test("all of it works without script, at 320 px", async () => {
  const page = await desk.open("annotator", { javaScriptEnabled: false, viewport: { width: 320, height: 640 } });
  const path = await revised(page, "The ferry, without script");
  await page.getByRole("button", { name: "Leave without a place" }).first().click();
  // Three before, none while the next page comes, two on it.
  await page.locator("[data-row]").nth(2).waitFor({ state: "detached" });
  await page.locator("[data-row]").nth(1).waitFor();
  assert.equal(await waiting(page), 2);
  await page.getByRole("link", { name: "What changed" }).click();
  assert.match(await page.locator("h1").innerText(), /between version 1 and version 2/);
  assert.equal(new URL(page.url()).pathname, `${path}/versions/1/compare/2`);
  // One column: what was removed and added stands in one text.
  const row = page.locator(".row .both", { hasText: "people last year" });
  assert.ok(await row.isVisible());
  assert.match((await row.locator("del").allInnerTexts()).join(" "), /214/);
  assert.equal(await page.locator(".compare .old:visible").filter({ hasText: "الوزير" }).count(), 0);
});

test("two versions are compared side by side and in one text", async () => {
  const page = await desk.open("annotator");
  const path = await revised(page, "The ferry, compared");
  await page.goto(`${path}/versions/1/compare/2`);
  assert.deepEqual(await faults(page), []);
  const row = page.locator("[data-change=edited]", { hasText: "الوزير" });
  const [old, fresh] = [await row.locator(".old").boundingBox(), await row.locator(".new").boundingBox()];
  assert.ok(old.x + old.width <= fresh.x && Math.abs(old.y - fresh.y) < 2, JSON.stringify([old, fresh]));
  assert.ok(await row.locator(".old a.ref").isVisible());
  // What moved leads to its other place.
  await page.getByRole("link", { name: /^Moved here/ }).click();
  assert.match(await page.locator(":target .label").innerText(), /^Moved further/);
  await page.getByRole("link", { name: "In one text" }).click();
  assert.ok(await page.locator("[data-change=edited] .both").first().isVisible());
  assert.equal(await page.locator("[data-change=edited] .old:visible").count(), 0);
  assert.deepEqual(await faults(page), []);
  // Arabic runs from right to left, in its own cell.
  const arabic = page.locator(".compare .words:visible", { hasText: "الوزير" }).first();
  assert.equal(await arabic.evaluate((cell) => getComputedStyle(cell).direction), "rtl");
  // On paper it is one column, too.
  await page.goto(`${path}/versions/1/compare/2`);
  await page.emulateMedia({ media: "print" });
  assert.ok(await page.locator("[data-change=edited] .both").first().isVisible());
  await page.emulateMedia({ media: "screen" });
  await page.goto(`${path}/versions`);
  assert.deepEqual(await faults(page), []);
  await page.goto(`${path}/versions/1`);
  assert.deepEqual(await faults(page), []);
});
