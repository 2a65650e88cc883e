// Sources in a browser: pasted anywhere on a claim, warned about, and pages that fit everywhere.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessibilityFaults, scrollsSideways, useDemo } from "./harness.mjs";

const desk = useDemo();

async function newClaim(page, words) {
  await page.goto("/demo/claims/new");
  await page.getByLabel("The claim").first().fill(words);
  await page.getByLabel("Address", { exact: true }).first().fill("https://forum.example.org/ships");
  await page.getByRole("button", { name: "Add the claim" }).click();
  await page.locator("h1.claim-words").waitFor();
  await page.waitForLoadState("networkidle");
}

/** Pastes a text where the focus is, as a keyboard does. */
async function paste(page, text) {
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    (document.activeElement ?? document.body).dispatchEvent(event);
  }, text);
}

test("addresses and DOIs that are pasted on a claim are sources at once", async () => {
  const page = await desk.open("checker");
  await newClaim(page, "Nine ships came to the harbour");
  await page.evaluate(() => document.activeElement?.blur());
  await paste(page, "https://harbour.example.org/a?utm_source=mail\nhttps://harbour.example.org/b\ndoi:10.1000/182");
  await page.locator("ol.evidence > li").nth(2).waitFor();
  const titles = await page.locator("ol.evidence cite").allInnerTexts();
  assert.deepEqual(titles, ["https://harbour.example.org/a", "https://harbour.example.org/b", "https://doi.org/10.1000/182"]);
});

test("an address that is pasted into a text is offered as a source, and the offer works by keys", async () => {
  const page = await desk.open("checker");
  await newClaim(page, "Ten ships came to the harbour");
  await page.getByLabel("Rationale").focus();
  await paste(page, "https://harbour.example.org/c");
  const offer = page.getByRole("button", { name: "Add it as a source" });
  await offer.focus();
  await page.keyboard.press("Enter");
  await page.locator("ol.evidence cite", { hasText: "https://harbour.example.org/c" }).waitFor();
});

test("the pages of sources fit a telephone, and axe finds nothing", async () => {
  const page = await desk.open("checker", { viewport: { width: 320, height: 700 }, colorScheme: "dark" });
  await page.goto("/demo/sources/domains");
  await page.getByLabel("Domain").fill("rumours.example");
  await page.getByLabel("Reason").fill("It makes its numbers up.");
  await page.getByRole("button", { name: "Warn about it" }).click();
  await page.locator(".rows .title", { hasText: "rumours.example" }).waitFor();
  await page.goto("/demo/sources");
  const source = await page.locator("tbody th a").first().getAttribute("href");
  for (const path of ["/demo/sources", "/demo/sources/domains", source]) {
    await page.goto(path);
    await page.waitForLoadState("networkidle");
    assert.equal(await scrollsSideways(page), false, path);
    assert.deepEqual(await accessibilityFaults(page), [], path);
  }
  const admin = await desk.open("admin", { viewport: { width: 320, height: 700 } });
  await admin.goto("/demo/settings/sources");
  assert.equal(await scrollsSideways(admin), false);
  assert.deepEqual(await accessibilityFaults(admin), []);
});
