// What somebody types is kept: through the end of a session, a closed window, a failed form.
import assert from "node:assert/strict";
import { test } from "node:test";
import { signIn, useDemo } from "./harness.mjs";

const desk = useDemo();
const typed = "A rationale that took an hour to write";

async function openDraft(page) {
  await page.goto("/demo/claims?q=nurses");
  await page.locator("main .rows .title a").first().click();
  await page.locator("#part-draft [name=rationale]").waitFor();
}

/** Waits until what was typed stands in a field again. */
const holds = (page, field) => page.waitForFunction(([field, typed]) => document.querySelector(field).value === typed, [field, typed]);

test("text survives the end of the session, and the sign-in after it", async () => {
  const page = await desk.open("checker");
  await openDraft(page);
  const path = new URL(page.url()).pathname;
  await page.context().clearCookies();
  await page.locator("#part-draft [name=rationale]").fill(typed);
  await page.getByRole("button", { name: "Save the draft" }).click();
  await page.locator("#status").getByRole("button", { name: /Sign in/ }).waitFor();
  assert.equal(await page.locator("#part-draft [name=rationale]").inputValue(), typed);

  await signIn(page, "checker");
  await page.goto(path);
  await holds(page, "#part-draft [name=rationale]");
});

test("text survives a window that is closed while one types", async () => {
  const page = await desk.open("checker");
  await page.goto("/demo/articles/new");
  await page.locator("#text").fill(typed);
  await page.waitForTimeout(2500);
  const again = await page.context().newPage();
  await page.close();
  await again.goto("/demo/articles/new");
  await holds(again, "#text");
});

test("without script, the page that asks to sign in prints the text back", async () => {
  const page = await desk.open("checker", { javaScriptEnabled: false });
  await openDraft(page);
  await page.locator("#part-draft [name=rationale]").fill(typed);
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Save the draft" }).click();
  assert.ok((await page.content()).includes(typed), await page.locator("main").innerText());
});
