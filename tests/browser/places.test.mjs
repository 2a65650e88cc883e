// Claims to assess are drawn from the queue with one key, by two people who never get in each other's way.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessibilityFaults, scrollsSideways, useDemo } from "./harness.mjs";
import { mouse } from "./hands.mjs";
import { addClaim, assessBlindly } from "./rounds.mjs";

const desk = useDemo();

test("the next claim to assess is drawn with one key, kept, and left to others", async () => {
  await assessBlindly(desk, mouse, 2);
  const { claim } = await addClaim(desk, mouse, "The ferry was late on every day in May");
  const page = await desk.open("reviewer");
  await page.goto("/demo/queue?lane=assess");
  await page.waitForLoadState();
  await Promise.all([page.waitForURL(/\/assessment$/), page.keyboard.press("n")]);
  assert.equal(new URL(page.url()).pathname, `${claim}/assessment`);
  const places = page.locator("#part-places");
  assert.match(await places.innerText(), /0 of 2 are in\. 1 place is free\.\s+You have a place until /);
  assert.deepEqual(await accessibilityFaults(page), []);
  await page.setViewportSize({ width: 320, height: 640 });
  assert.equal(await scrollsSideways(page), false);

  const editor = await desk.open("editor", { javaScriptEnabled: false });
  await editor.goto("/demo/queue?lane=assess");
  await editor.getByRole("button", { name: /^Draw the next claim/ }).click();
  assert.equal(new URL(editor.url()).pathname, `${claim}/assessment`);
  assert.match(await editor.locator("#part-places").innerText(), /No place is free/);
  await editor.getByRole("button", { name: "Leave it to others" }).click();
  assert.match(await editor.locator(".empty").innerText(), /No claim waits for your assessment/);

  // One key more, and the keys are listed here, too.
  await page.keyboard.press("?");
  await page.locator("dialog#keys").waitFor();
  await page.keyboard.press("Escape");
  await page.locator("form.assess input[data-key='1']").waitFor();
  await page.keyboard.press("1");
  assert.equal(await page.locator("form.assess input[data-key='1']").isChecked(), true);
});
