// The sources of a claim as references: copied with a script, selected without one, and right where there is little room.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessibilityFaults, scrollsSideways, useDemo } from "./harness.mjs";

const desk = useDemo();

/** Goes as a reader from the desk's front to the references of a claim. */
async function references(page) {
  await page.goto("/demo");
  const claims = await page.locator("main a[href*='/demo/claims/']").evaluateAll((all) => all.map(({ href }) => href));
  for (const claim of new Set(claims)) {
    await page.goto(claim);
    const link = page.locator("a[href$='/references']");
    if (await link.count()) {
      await link.first().click();
      await page.waitForLoadState();
      return;
    }
  }
  assert.fail("no published claim has references");
}

test("a reader copies a reference, and takes all of them as a file", async () => {
  const page = await desk.open(null, { permissions: ["clipboard-read", "clipboard-write"] });
  await references(page);
  const first = page.locator(".references li").first();
  await first.getByRole("button", { name: "Copy" }).click();
  await page.locator("#status", { hasText: "Copied." }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied, await first.locator(".reference").textContent());

  await page.getByRole("link", { name: "Chicago", exact: true }).click();
  await page.waitForLoadState();
  assert.notEqual(await page.locator(".reference").first().textContent(), copied);
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "BibTeX" }).last().click()]);
  assert.match(file.suggestedFilename(), /^references-.*\.bib$/);
});

test("without a script there is no button that does nothing", async () => {
  const page = await desk.open(null, { javaScriptEnabled: false });
  await references(page);
  assert.ok((await page.locator(".reference").count()) > 0);
  assert.equal(await page.getByRole("button", { name: "Copy" }).count(), 0);
});

test("the references fit a small screen, and anybody can read them", async () => {
  const page = await desk.open(null, { viewport: { width: 320, height: 640 } });
  await references(page);
  assert.equal(await scrollsSideways(page), false);
  assert.deepEqual(await accessibilityFaults(page), []);
});
