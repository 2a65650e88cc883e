// Two people at one article: each sees what the other marks, and nothing moves under either's hands.
import assert from "node:assert/strict";
import { test } from "node:test";
import { useDemo } from "./harness.mjs";
import { hospital, openArticle } from "./articles.mjs";
import { dragOver } from "./words.mjs";

const desk = useDemo();

async function mark(page, words) {
  await dragOver(page, words);
  await page.locator("#mark-bar").getByRole("button", { name: /^Claim/ }).click();
}

test("one sees within a second what the other marks, and nothing jumps", async () => {
  const [one, other] = await Promise.all([desk.open("annotator"), desk.open("checker")]);
  await Promise.all([openArticle(one, hospital), openArticle(other, hospital)]);

  // The other is in the middle of writing, far down the page.
  await other.locator("#claim_reviewed").fill("Half a sentence th");
  await other.locator("#claim_reviewed").evaluate((field) => field.setSelectionRange(4, 9));
  await other.locator("#text p").last().scrollIntoViewIfNeeded();
  const state = () =>
    other.evaluate(() => {
      const field = document.activeElement;
      const last = [...document.querySelectorAll("#text p")].at(-1).getBoundingClientRect();
      return {
        field: field.id, value: field.value, selection: [field.selectionStart, field.selectionEnd],
        scrollY, lastTop: last.top,
      };
    });
  const before = await state();
  await other.evaluate(() => {
    window.seen = new Promise((done) => {
      const count = document.querySelectorAll("#text .ref").length;
      new MutationObserver(() => document.querySelectorAll("#text .ref").length > count && done(Date.now()))
        .observe(document.querySelector("#text"), { childList: true, subtree: true });
    });
  });

  let answered = 0;
  one.on("response", (answer) => {
    if (answer.url().endsWith("/marks")) answered = Date.now();
  });
  await mark(one, "every third nurse in the department");
  const seen = await other.evaluate(() => window.seen);
  assert.ok(seen - answered < 1000, `seen after ${seen - answered} ms`);
  assert.deepEqual(await state(), before);
});

test("a mark that goes up while one selects words leaves the selection alone", async () => {
  const [one, other] = await Promise.all([desk.open("annotator"), desk.open("checker")]);
  await Promise.all([openArticle(one, hospital), openArticle(other, hospital)]);
  await dragOver(other, "no route would be cut");
  await other.locator("#mark-bar").waitFor();
  const before = await other.locator("#mark-bar .words").innerText();

  const refs = await other.locator("#text .ref").count();
  await mark(one, "a manager of Arrel Bus");
  await other.waitForFunction((refs) => document.querySelectorAll("#text .ref").length > refs || document.querySelector("#live").textContent, refs);
  assert.equal(await other.locator("#mark-bar .words").innerText(), before);
  await other.locator("#mark-bar").getByRole("button", { name: /^Claim/ }).click();
  await other.waitForFunction(() => document.querySelector("#mark-bar").hidden);
  assert.equal(await other.locator("#mark-bar [role=alert]").innerText().catch(() => ""), "");
});
