// From a pasted address to quoted words: by mouse, by keys, without script. The site that is cited is served here.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { accessibilityFaults, scrollsSideways, useDemo } from "./harness.mjs";
import { keys, mouse, tabTo } from "./hands.mjs";

const html = `<!doctype html><html lang="en"><title>Staff of the county’s hospitals</title><body><main><article>
<h1>Staff of the county’s hospitals</h1>
<p>The personnel office counts who works in a department on the first day of July, whatever the contract says.</p>
<p>Of the 29 nurses who left the department, 11 went to the new east wing — “a move,” the office writes, “and no loss”.</p>
<table><tr><th>Hospital</th><th>Left</th></tr><tr><td>Arrelmouth</td><td>18 of 87 nurses</td></tr></table>
<p>All figures were read on the same day and are complete for every department in the county.</p>
</article></main></body></html>`;
const moved = "11 went to the new east wing";

let site;
const settings = {};
before(async () => {
  site = createServer((request, response) => {
    if (request.url === "/robots.txt") return response.writeHead(404).end();
    return response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(html);
  });
  await new Promise((done) => site.listen(0, "127.0.0.1", done));
  settings.FACTDESK_FETCH_ALLOW = `127.0.0.1:${site.address().port}`;
});
after(() => site.close());
const desk = useDemo(settings);

/** Pastes an address of the site at the claim, and opens its copy once it is there. Answers the claim's address. */
async function cite(page, hand, path) {
  await page.goto("/demo/claims");
  await page.getByRole("link", { name: /One in three emergency nurses/ }).first().click();
  await page.waitForLoadState("load");
  const claim = new URL(page.url()).pathname;
  await page.goto(`${claim}/evidence`);
  if (!(await page.locator("#evidence-url").isVisible())) await hand.press(page.locator("summary", { hasText: "Add evidence" }));
  await hand.type(page.locator("#evidence-url"), `http://127.0.0.1:${site.address().port}${path}`);
  await hand.press(page.getByRole("button", { name: "Add the evidence" }));
  await page.locator("ol.evidence > li", { hasText: path }).waitFor();
  const choose = page.getByRole("link", { name: /^Choose its words/ });
  for (let tries = 0; !(await choose.count()); tries++) {
    assert.ok(tries < 200, "the page was not archived");
    await page.waitForTimeout(100);
    await page.goto(`${claim}/evidence`);
  }
  await page.waitForLoadState("networkidle");
  await Promise.all([page.waitForURL(/\/copies\//), hand.press(choose.last())]);
  await page.waitForLoadState("networkidle");
  return claim;
}

async function selectByMouse(page, words) {
  const [from, to] = await page.evaluate((words) => {
    const walker = document.createTreeWalker(document.querySelector("#text"), NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const at = node.data.indexOf(words);
      if (at < 0) continue;
      node.parentElement.scrollIntoView({ block: "center" });
      const range = new Range();
      range.setStart(node, at);
      range.setEnd(node, at + words.length);
      const rects = [...range.getClientRects()];
      const [first, last] = [rects[0], rects.at(-1)];
      return [{ x: first.left + 1, y: first.top + first.height / 2 }, { x: last.right - 1, y: last.top + last.height / 2 }];
    }
    return null;
  }, words);
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 5 });
  await page.mouse.up();
}

async function seenAtTheClaim(page, claim, words) {
  await page.goto(`${claim}/evidence`);
  const item = page.locator("ol.evidence > li", { hasText: words }).last();
  assert.match(await item.innerText(), /stands in the copy/);
  return item;
}

test("words are selected with the mouse in the copy of a pasted address", async () => {
  const page = await desk.open("checker");
  const claim = await cite(page, mouse, "/by-mouse");
  await selectByMouse(page, moved);
  const bar = page.getByRole("form", { name: "Cite words" });
  await bar.waitFor();
  assert.equal(await bar.locator("output").inputValue().catch(() => bar.locator("output").innerText()), moved);
  await Promise.all([page.waitForURL(/#b\d+$/), bar.getByRole("button", { name: "Refutes" }).click()]);
  assert.equal(await page.locator("#text mark").first().innerText(), moved);
  assert.match(await page.locator(".quotations li").first().innerText(), /Refutes/);
  const item = await seenAtTheClaim(page, claim, moved);
  await item.getByRole("link", { name: /^See it in the copy/ }).click();
  await page.locator("#text mark").first().waitFor();

  // A cell of a table says by itself which one it is.
  await page.waitForLoadState("networkidle");
  await selectByMouse(page, "18 of 87 nurses");
  await bar.waitFor();
  await Promise.all([page.waitForURL(/#b\d+$/), bar.getByRole("button", { name: "Context" }).click()]);
  assert.match(await (await seenAtTheClaim(page, claim, "18 of 87 nurses")).innerText(), /table 1, row 2, column 2/);
});

test("words are chosen with keys alone", async () => {
  const page = await desk.open("checker");
  const claim = await cite(page, keys, "/by-keys");
  const first = page.locator("#text .s").filter({ hasText: "The personnel office" });
  await tabTo(page.locator("#text .s[tabindex]"));
  for (let n = 0; n < 6 && !(await first.evaluate((one) => one === document.activeElement)); n++) await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  const bar = page.getByRole("form", { name: "Cite words" });
  await bar.waitFor();
  await page.waitForFunction(() => document.activeElement.name === "stance");
  await page.keyboard.press("Tab");
  await Promise.all([page.waitForURL(/#b\d+$/), page.keyboard.press("Enter")]);
  assert.match(await page.locator(".quotations li").first().innerText(), /Refutes/);
  await seenAtTheClaim(page, claim, "The personnel office counts");
});

test("words are cited without script, from the list of sentences and by typing", async () => {
  const page = await desk.open("checker", { javaScriptEnabled: false });
  const claim = await cite(page, mouse, "/without-script");
  await page.getByRole("link", { name: "Sentence list" }).click();
  await page.getByLabel("Supports").check();
  await page.locator(".sentence-list li", { hasText: "All figures were read" }).getByRole("button").click();
  await page.getByRole("link", { name: "Back to the text" }).click();
  assert.match(await page.locator(".quotations li").innerText(), /Supports/);
  await page.getByLabel("The words").fill("Of the 29 nurses … 12 went to the new east wing");
  await page.getByRole("button", { name: "Cite", exact: true }).click();
  assert.match(await page.title(), /^Error: /);
  await page.getByLabel("The words").fill('Of the 29 nurses … 11 went to the new east wing - "a move"');
  await page.getByRole("button", { name: "Cite", exact: true }).click();
  await seenAtTheClaim(page, claim, "Of the 29 nurses");
});

test("the copy is accessible, and fits small and dark screens", async () => {
  const page = await desk.open("checker");
  await cite(page, mouse, "/looks");
  await selectByMouse(page, moved);
  await page.getByRole("form", { name: "Cite words" }).waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/copy-1280.png` });
  await Promise.all([page.waitForURL(/#b\d+$/), page.getByRole("button", { name: "Context" }).click()]);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 320, height: 700 });
  await page.getByRole("link", { name: /^To the quotations/ }).click();
  assert.ok(await page.getByLabel("The words").isVisible(), "what is beside the text stands below it");
  assert.equal(await scrollsSideways(page), false);
  assert.deepEqual(await accessibilityFaults(page), []);
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/copy-320-dark.png`, fullPage: true });
});
