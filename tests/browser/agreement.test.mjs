// What is no claim is said by key, by button and without script, and the agreement of those who said so is shown.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessibilityFaults, scrollsSideways, useDemo } from "./harness.mjs";
import { keys, mouse } from "./hands.mjs";
import { bringPier, readByButtons, readByKeys } from "./reading.mjs";

const desk = useDemo();

const chips = (page) => page.locator(".sentence-list li").evaluateAll((all) => all.map((one) => one.querySelector(".chip")?.textContent ?? ""));

test("a text is gone through alone with single keys, and by another without script", async () => {
  const { page, path } = await bringPier(desk);
  await readByKeys(page, path, ["m", "n", "m"]);
  assert.deepEqual(await chips(page), ["You: a claim", "You: no claim", "You: a claim", "", ""]);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "4", "the next sentence has the focus");
  await page.getByRole("button", { name: "No claim in the rest" }).press("Enter");
  await page.getByText("You found no claim in the rest.").waitFor();

  const editor = await desk.open("editor", { javaScriptEnabled: false });
  await editor.goto(`${path}?mode=alone`);
  assert.equal(await editor.locator(".sentence-list :is(.ref, .chip)").count(), 0, "nothing of what the first marked");
  await readByButtons(editor, path, ["Mark as claim", "No claim here"], mouse);
  await editor.goto("/demo/agreement/marking");
  assert.equal(await editor.locator(".facts dd").first().innerText(), "5");
  const differ = editor.locator("section[aria-labelledby=disagreements] .title a");
  assert.deepEqual(await differ.allInnerTexts(), ["“Nine ships a day came in that year,” he adds."]);
  await differ.click();
  await editor.locator("#text").waitFor();
});

test("a key acts on the sentence that has the focus and on no other, and can be switched off", async () => {
  const { page, path } = await bringPier(desk);
  await page.goto(`${path}?mode=alone`);
  await page.waitForLoadState("load");
  await page.keyboard.press("n");
  await page.keyboard.press("m");
  assert.deepEqual([...new Set(await chips(page))], [""]);
  await page.evaluate(() => (localStorage.keys = "off"));
  await page.locator(".sentence-list a.number").first().focus();
  await page.keyboard.press("n");
  assert.deepEqual([...new Set(await chips(page))], [""]);
});

test("the rest of a text is left without a claim by key from the article's page", async () => {
  const { page, path } = await bringPier(desk);
  await page.goto(path);
  await page.waitForLoadState("load");
  await Promise.all([page.waitForURL(/mode=sentences/), page.keyboard.press("n")]);
  await page.getByText("You found no claim in the rest.").waitFor();
  await keys.press(page.locator("#rest").getByRole("button", { name: "Take back" }));
  await page.getByRole("button", { name: "No claim in the rest" }).waitFor();
});

test("agreement on marking is for everybody", async () => {
  const { page, path } = await bringPier(desk);
  await readByKeys(page, path, ["m", "n", "m", "n", "m"]);
  await page.getByRole("button", { name: "No claim in the rest" }).press("Enter");
  const editor = await desk.open("editor");
  await readByButtons(editor, path, ["Mark as claim", "", "", "", "Mark as claim"], keys);
  for (const address of [`${path}?mode=alone`, `${path}?mode=sentences`, "/demo/agreement/marking", "/demo/agreement/marking?of=alone"]) {
    await editor.goto(address);
    assert.deepEqual(await accessibilityFaults(editor), [], address);
    await editor.emulateMedia({ colorScheme: "dark" });
    assert.deepEqual(await accessibilityFaults(editor, ["color-contrast"]), [], `${address}, dark`);
    await editor.emulateMedia({ colorScheme: "light" });
    await editor.setViewportSize({ width: 320, height: 640 });
    assert.equal(await scrollsSideways(editor), false, `${address}, 320 px`);
    await editor.setViewportSize({ width: 1280, height: 900 });
  }
});
