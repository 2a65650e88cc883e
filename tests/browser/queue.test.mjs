// The queue, one claim after the other: by keys, by mouse, without script; and who else is on a claim.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessibilityFaults, scrollsSideways, useDemo } from "./harness.mjs";
import { keys, mouse } from "./hands.mjs";

const desk = useDemo();
const review = "/demo/queue?lane=review";

async function openQueue(page, path) {
  await page.goto(path);
  await page.waitForLoadState();
}

const focused = (page) => page.evaluate(() => document.activeElement.textContent.trim());
const titles = (page) => page.locator("tbody .title").allTextContents();

test("the queue is walked, opened and decided with single keys", async () => {
  const page = await desk.open("reviewer");
  await openQueue(page, review);
  const [first, second] = await titles(page);
  assert.ok(second, "the demo has two drafts to review");
  await page.keyboard.press("a");
  assert.deepEqual(await titles(page), await titles(page), "a key without a row does nothing");
  await page.keyboard.press("j");
  assert.equal(await focused(page), first);
  await page.keyboard.press("j");
  assert.equal(await focused(page), second);
  await page.keyboard.press("k");
  assert.equal(await focused(page), first);
  await Promise.all([page.waitForURL(/\/claims\//), page.keyboard.press("o")]);
  assert.equal(await page.locator("h1.claim-words").innerText(), first);

  // Returned with a reason: the key opens the field, Ctrl+Enter sends it.
  await openQueue(page, review);
  await page.keyboard.press("j");
  await page.keyboard.press("r");
  const reason = page.locator("tr").filter({ hasText: first }).locator("textarea");
  await keys.type(reason, "Which table is this from?");
  await Promise.all([page.waitForURL(/at=0/), page.keyboard.press("Control+Enter")]);
  assert.equal((await titles(page)).includes(first), false);
  // The next one has the focus, and one key approves it.
  assert.equal(await focused(page), second);
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("a")]);
  await page.waitForLoadState();
  assert.equal((await titles(page)).includes(second), false);
});

test("the keys of a page are listed by ?, and can be switched off there", async () => {
  const page = await desk.open("checker");
  await openQueue(page, "/demo/queue?lane=unassigned");
  await page.keyboard.press("?");
  const list = page.locator("dialog#keys");
  await list.waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  await list.getByLabel("Single-letter keys").uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.keyboard.press("j");
  assert.equal(await list.isVisible(), false);
  assert.equal(await page.evaluate(() => document.activeElement.matches(".title")), false);
  await page.getByRole("button", { name: "All keys" }).click();
  await list.getByLabel("Single-letter keys").check();
  await list.getByRole("button", { name: "Close" }).click();
  await page.keyboard.press("j");
  assert.ok(await page.evaluate(() => document.activeElement.matches(".title")));
});

test("one key takes the next claim, and the one after it", async () => {
  const page = await desk.open("checker");
  await openQueue(page, "/demo/queue?lane=unassigned&sort=priority");
  const [first] = await titles(page);
  await Promise.all([page.waitForURL(/\/claims\//), page.keyboard.press("n")]);
  assert.equal(await page.locator("h1.claim-words").innerText(), first);
  assert.match(await page.locator("#part-plan .meta").innerText(), /works on it/);
  const here = page.url();
  await Promise.all([page.waitForURL((url) => url.href !== here), page.keyboard.press("n")]);
  await page.waitForLoadState();
});

test("others see who is on a claim, take over, and are told when it is free again", async () => {
  const [one, other] = await Promise.all([desk.open("checker"), desk.open("reviewer")]);
  await openQueue(one, "/demo/claims");
  const path = await one.locator("main .rows .title a").first().getAttribute("href");
  const beat = (page) => page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  const said = (page) => page.locator(".presence [role=status]");
  await Promise.all([one.waitForResponse(/\/presence$/), one.goto(path)]);
  await other.goto(path);
  await said(other).filter({ hasText: "Fact-checker is on this claim since" }).waitFor();
  await other.getByRole("button", { name: "Take over" }).click();
  await said(other).filter({ hasText: "You are on this claim now." }).waitFor();
  await beat(one);
  await said(one).filter({ hasText: "Reviewer took over since" }).waitFor();
  // Going away says so.
  await other.goto("/demo/claims");
  await one.waitForTimeout(200);
  await beat(one);
  await said(one).filter({ hasNotText: /took over/ }).waitFor({ state: "attached" });
});

for (const [how, hand, options] of [
  ["a mouse", mouse, {}],
  ["keys alone", keys, {}],
  ["no script", mouse, { javaScriptEnabled: false }],
]) {
  test(`a training claim is answered and then explained, with ${how}`, async () => {
    const name = { "a mouse": "annotator", "keys alone": "checker", "no script": "reviewer" }[how];
    const page = await desk.open(name, options);
    await page.goto("/demo/training");
    await hand.press(page.getByRole("link", { name: /^Next/ }));
    await page.locator("h1.claim-words").waitFor();
    assert.equal(await page.locator("#gold").count(), 0);
    await hand.choose(page.locator("input[name=rating][value=half_true]"));
    await hand.type(page.locator("#rationale"), "I compared the two.");
    await hand.press(page.getByRole("button", { name: "Answer" }));
    await page.locator("#gold").waitFor();
    assert.match(await page.locator("#gold").innerText(), /^The desk rates it (the same|differently)$/);
  });
}

test("without script, drafts are decided and claims planned from the same pages", async () => {
  const small = { javaScriptEnabled: false, viewport: { width: 320, height: 640 } };
  const checker = await desk.open("checker", small);
  await checker.goto("/demo/queue?lane=returned");
  await checker.locator("tbody .title").first().click();
  await checker.getByRole("button", { name: "Ask for review" }).click();
  const page = await desk.open("editor", small);
  await page.goto(review);
  assert.equal(await scrollsSideways(page), false);
  const row = page.locator("tbody tr").first();
  const title = await row.locator(".title").innerText();
  await row.locator("summary").click();
  await row.locator("textarea").fill("Say which year.");
  await row.getByRole("button", { name: "Return with a reason" }).click();
  assert.equal((await titles(page)).includes(title), false);
  await page.goto("/demo/queue?lane=unassigned");
  await page.locator("tbody .title").first().click();
  await page.locator("#part-plan select[name=priority]").selectOption("urgent");
  await page.locator("#part-plan input[name=due_on]").fill("2026-12-24");
  await page.locator("#part-plan-fields").getByRole("button").click();
  await page.goto("/demo/queue?lane=unassigned&sort=priority");
  assert.equal(await page.locator("td[data-label=Priority]").first().innerText(), "urgent");
});
