// What a page costs: its bytes, its requests, its script.
import assert from "node:assert/strict";
import { test } from "node:test";
import { useDemo } from "./harness.mjs";
import { addArticle } from "./articles.mjs";
import { longText, markMany } from "./many.mjs";

const desk = useDemo();

test("an article with 200 marks is 50 KiB in 4 requests, of one server, on a cold cache", async () => {
  const page = await desk.open("annotator");
  await addArticle(page, { title: "The ships of Skarholm, year by year", text: longText(1500) });
  await markMany(page, 200);
  const path = new URL(page.url()).pathname;

  const cold = await desk.open("annotator");
  const devtools = await cold.context().newCDPSession(cold);
  await devtools.send("Network.enable");
  await devtools.send("Network.setCacheDisabled", { cacheDisabled: true });
  const requests = new Map();
  devtools.on("Network.requestWillBeSent", ({ requestId, request, type }) => requests.set(requestId, { url: request.url, type, bytes: 0 }));
  devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    // What the page before asked for, its icon for instance, may end only now.
    const request = requests.get(requestId);
    if (request) request.bytes = encodedDataLength;
  });
  await cold.goto(path, { waitUntil: "load" });
  await cold.waitForTimeout(500);

  // The stream of live changes opens when everything is there, and is no part of the page.
  const all = [...requests.values()].filter(({ url }) => !url.includes("/live"));
  assert.ok(all.length <= 4, JSON.stringify(all));
  assert.ok(all.every(({ url }) => url.startsWith(desk.url)), JSON.stringify(all));
  const bytes = all.reduce((sum, one) => sum + one.bytes, 0);
  assert.ok(bytes <= 50 * 1024, `${bytes} bytes: ${JSON.stringify(all)}`);
  assert.equal(await cold.locator("#text .ref").count(), 200);
});

test("script is 20 KiB at most, and pages ask nobody else for anything", async () => {
  const page = await desk.open("annotator");
  await page.goto("/demo/articles");
  await page.locator("main .rows a").first().click();
  const sources = await page.locator("script[src]").evaluateAll((all) => all.map(({ src }) => src));
  assert.equal(sources.length, 1);
  const script = await (await page.request.get(sources[0])).body();
  assert.ok(script.length <= 20 * 1024, `${script.length} bytes`);
  const policy = (await page.request.get("/demo/articles")).headers()["content-security-policy"];
  assert.match(policy, /default-src 'none'/);
});
