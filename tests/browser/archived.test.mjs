// What is cited is archived while one goes on: the page says so by itself, with and without a mouse, and in any direction.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { accessibilityFaults, scrollsSideways, useDemo } from "./harness.mjs";

const REPORT = "<!doctype html><title>Report of the office</title><h1>Report of the office</h1><p>The harbour handled 2,913,400 tonnes.</p>";

// A site that takes its time, so that one sees the waiting.
const site = createServer((request, answer) => {
  const isPage = request.url.startsWith("/report");
  setTimeout(() => answer.writeHead(isPage ? 200 : 404, { "content-type": "text/html" }).end(isPage ? REPORT : ""), isPage ? 1500 : 0);
});
await new Promise((done) => site.listen(0, "127.0.0.1", done));
const address = `127.0.0.1:${site.address().port}`;
process.env.FACTDESK_FETCH_ALLOW = address;
after(() => site.close());

const desk = useDemo();

async function claimInWork(page) {
  const { claims } = await (await page.request.get("/api/v1/desks/demo/claims")).json();
  return claims.find(({ stage }) => stage === "researching" || stage === "marked").id;
}

test("evidence is marked as archived while the page stays open", async () => {
  const page = await desk.open("checker");
  await page.goto(`/demo/claims/${await claimInWork(page)}/evidence`);
  if (!(await page.locator("#evidence-url").isVisible())) await page.locator("summary", { hasText: "Add evidence" }).click();
  await page.locator("#evidence-url").fill(`http://${address}/report/1`);
  await page.getByRole("button", { name: "Add the evidence" }).click();
  const line = page.locator(".archive-line").last();
  await line.getByText("being archived").waitFor();
  await page.evaluate(() => (window.stayed = true));
  await line.getByRole("link", { name: "archived copy" }).waitFor({ timeout: 20_000 });
  assert.ok(await page.evaluate(() => window.stayed));
  assert.deepEqual(await accessibilityFaults(page), []);
});

test("the source's page shows the copy when it is there, and nothing moves sideways on a telephone", async () => {
  const page = await desk.open("checker", { viewport: { width: 320, height: 800 }, colorScheme: "dark" });
  await page.goto("/demo/sources/new");
  await page.locator("[name=url]").fill(`http://${address}/report/2`);
  await page.getByRole("button", { name: "Add the source" }).click();
  const part = page.locator("#part-copies");
  await part.locator("[data-waits]").waitFor();
  await part.locator(".copies > li").waitFor({ timeout: 20_000 });
  assert.equal(await part.locator("[data-waits]").count(), 0);
  assert.match(await part.locator(".hash code").textContent(), /^[0-9a-f]{64}$/);
  assert.equal(await scrollsSideways(page), false);
  assert.deepEqual(await accessibilityFaults(page), []);
});

test("without script the page says that it is being archived, and the button asks again", async () => {
  const page = await desk.open("checker", { javaScriptEnabled: false });
  await page.goto("/demo/sources/new");
  await page.locator("[name=url]").fill(`http://${address}/report/3`);
  await page.getByRole("button", { name: "Add the source" }).click();
  await page.locator("#part-copies [role=status]").waitFor();
  for (let tries = 0; tries < 40 && !(await page.locator("#part-copies .copies > li").count()); tries++) {
    await page.waitForTimeout(250);
    await page.reload();
  }
  await page.getByRole("button", { name: "Archive it again" }).click();
  await page.locator("#part-copies [role=status]").waitFor();
});

test("the demo shows an archived, a refused and a dead source", async () => {
  const page = await desk.open("checker");
  await page.goto("/demo/sources?q=4.1 million");
  await page.locator("tbody th a").first().click();
  await page.locator("#part-copies").getByText("The link is dead").waitFor();
  assert.equal(await page.locator("#part-copies .copies > li").count(), 1);
  await page.goto("/demo/sources?q=chlorine in our taps");
  await page.locator("tbody th a").first().click();
  await page.locator("#part-copies").getByText("wants people to sign in first").waitFor();
});
