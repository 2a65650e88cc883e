// Marks that overlap, that stand in each other, and that run over paragraphs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { useDemo } from "./harness.mjs";
import { addArticle, ferry, openArticle, waterBills } from "./articles.mjs";
import { dragOver, storedMarks } from "./words.mjs";

const desk = useDemo();

async function mark(page, words) {
  const before = await page.locator("#text .ref").count();
  await dragOver(page, words);
  await page.locator("#mark-bar").getByRole("button", { name: /^Claim/ }).click();
  await page.waitForFunction((before) => document.querySelectorAll("#text .ref").length > before, before);
}

/** The words of each claim as they are marked on the page, put together from its pieces. */
const pieces = (page) =>
  page.evaluate(() => {
    const words = {};
    for (const piece of document.querySelectorAll("#text mark")) {
      for (const claim of piece.dataset.c.split(" ")) words[claim] = (words[claim] ?? "") + piece.textContent;
    }
    return words;
  });

test("marks that overlap keep their words, and each has a number of its own", async () => {
  const page = await desk.open("annotator");
  await addArticle(page, ferry);
  const wanted = [
    "Her captain, Odo Brill, said in an interview",
    "said in an interview with the Skarholm Post",
    "Odo Brill",
    "which is more than it had ever asked for.\n\nAsked about it on Tuesday",
  ];
  for (const words of wanted) await mark(page, words.split("\n\n").length > 1 ? words.replace("\n\n", "") : words);

  const { marks } = await storedMarks(page);
  assert.deepEqual(new Set(marks.map(({ exact }) => exact)), new Set(wanted));
  const shown = Object.values(await pieces(page));
  assert.deepEqual(new Set(shown), new Set(wanted.map((words) => words.replace("\n\n", ""))));
  const hrefs = await page.locator("#text .ref").evaluateAll((refs) => refs.map((ref) => ref.href));
  assert.equal(new Set(hrefs).size, wanted.length);

  // As it was printed anew, so it is printed at once.
  const live = await page.locator("#text").innerHTML();
  await page.reload();
  // The claim that is open is lit.
  const strip = (html) => html.replaceAll(/ (tabindex="\d+"|class="")/g, "").replaceAll(/ on(?=")/g, "");
  assert.equal(strip(await page.locator("#text").innerHTML()), strip(live));
});

test("what overlaps can be opened one by one", async () => {
  const page = await desk.open("editor");
  await openArticle(page, waterBills);
  const numbers = await page.locator("#text mark").evaluateAll((all) => all.map((piece) => piece.dataset.c).find((claims) => claims.includes(" ")));
  assert.ok(numbers, "the demo has marks that overlap");
  for (const number of numbers.split(" ")) {
    await page.locator(`#r${number}`).click();
    await page.locator("#panel [data-part] h2").waitFor();
    await page.waitForFunction((number) => document.querySelector(`#r${number}`).classList.contains("on"), number);
    const lit = await page.locator("#text mark.on").evaluateAll((all) => all.every((piece) => piece.dataset.c));
    assert.ok(lit);
  }
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#panel [data-part]").count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement.className.includes("ref")), true);
});

test("a triple click takes the paragraph and no more, and a double click a word", async () => {
  const page = await desk.open("annotator");
  await addArticle(page, { ...ferry, text: `${ferry.text}\n\nA paragraph of its own.` });
  const paragraph = page.locator("#text p").nth(1);
  await paragraph.click({ clickCount: 3, position: { x: 40, y: 10 } });
  await page.locator("#mark-bar").waitFor();
  assert.equal(await page.locator("#mark-bar .words").innerText(), await paragraph.innerText());
  await page.keyboard.press("Escape");
  await paragraph.click({ clickCount: 2, position: { x: 14, y: 12 } });
  await page.locator("#mark-bar").waitFor();
  assert.match(await page.locator("#mark-bar .words").innerText(), /^\p{L}+$/u);
});
