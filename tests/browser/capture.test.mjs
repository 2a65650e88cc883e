// A page of a newspaper, as a reviewer sees it in the own browser, becomes an article with the selected words marked.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ferry } from "./articles.mjs";
import { accessibilityFaults, scrollsSideways, useDemo } from "./harness.mjs";
import { keys } from "./hands.mjs";
import { read, select, startSite, words } from "./site.mjs";

const desk = useDemo();
let site;
before(async () => (site = await startSite()));
after(() => site?.close());

/** The bookmark's address, from the page that offers it. */
async function bookmark(page) {
  await page.goto("/demo/articles/new");
  return page.locator("a.bookmarklet").getAttribute("href");
}

/** Presses the bookmark on the page that is open; the page of ours that it opens. */
async function press(page, address) {
  const opened = page.context().waitForEvent("page");
  await page.evaluate(decodeURIComponent(address.replace("javascript:", "")));
  const capture = await opened;
  capture.on("pageerror", (error) => page.faults.push(String(error)));
  await capture.waitForLoadState("load");
  return capture;
}

/** Reads an article of the site with these words selected, and presses the bookmark. */
async function send(page, wanted, { nth = 0, address = site.article, using } = {}) {
  using ??= await bookmark(page);
  await read(page, address);
  if (wanted) await select(page, wanted, nth);
  return press(page, using);
}

const addButton = (capture) => capture.getByRole("button", { name: "Add to Ostermere Fact Desk" });
async function add(capture) {
  await addButton(capture).waitFor();
  await Promise.all([capture.waitForURL(/\/demo\/(articles\/[0-9a-f-]{36}|capture)/), addButton(capture).click()]);
  await capture.waitForLoadState("load");
}

/** The words of the last mark on an article's page. */
const marked = (page) => page.locator("#text").evaluate((text) => {
  const number = [...text.querySelectorAll(".ref")].map(({ id }) => Number(id.slice(1))).sort((a, b) => a - b).at(-1);
  return [...text.querySelectorAll("mark")].filter((mark) => mark.dataset.c.split(" ").includes(String(number))).map((mark) => mark.textContent).join("");
});
const text = (page) => page.locator("#text").innerText();
const articleOf = (page) => page.url().match(/articles\/([0-9a-f-]{36})/)[1];

test("the page as it is seen becomes an article with the selected words marked", async () => {
  const page = await desk.open("annotator");
  const capture = await send(page, words.late);
  await addButton(capture).waitFor();
  assert.equal(await capture.locator("#capture-title").textContent(), words.title);
  assert.equal(await capture.locator("#capture-address").textContent(), site.article);
  assert.equal(await capture.locator("#capture-passage").textContent(), words.late);
  assert.ok(await addButton(capture).evaluate((button) => button === document.activeElement));
  assert.deepEqual(await accessibilityFaults(capture), []);
  await capture.emulateMedia({ colorScheme: "dark" });
  assert.deepEqual(await accessibilityFaults(capture, ["color-contrast"]), []);
  await capture.setViewportSize({ width: 320, height: 640 });
  assert.ok(!(await scrollsSideways(capture)));

  await add(capture);
  assert.equal(await capture.locator("h1").textContent(), words.title);
  assert.equal(await marked(capture), words.late);
  assert.match(new URL(capture.url()).hash, /^#b\d+$/);
  assert.ok(await capture.locator("#text mark").first().evaluate((mark) => mark.getBoundingClientRect().top < innerHeight));
  const kept = await text(capture);
  for (const around of ["Sports", "Subscribe", "Herring", words.hidden, words.typed]) assert.ok(!kept.includes(around), around);
  assert.match(await capture.locator(".byline").textContent(), /Runa Feldt · .*2026/);
  assert.equal(await capture.evaluate(() => window.opener), null);
});

test("the same page again marks more in the same article", async () => {
  const page = await desk.open("annotator");
  const using = await bookmark(page);
  const first = await send(page, words.opening, { using, address: `${site.article}?utm_source=mail` });
  await add(first);
  const count = await first.locator("#text .ref").count();

  const second = await send(page, words.twice, { using, nth: 1, address: `${site.article}?fbclid=1` });
  await add(second);
  assert.equal(articleOf(second), articleOf(first));
  assert.equal(await marked(second), words.twice);
  const before = await second.locator("#text mark").last().evaluate((mark) => mark.closest("p").textContent);
  assert.ok(before.startsWith("“Nothing of this is new"), before);

  const again = await send(page, words.twice, { using, nth: 1 });
  await add(again);
  assert.equal(await again.locator("#text .ref").count(), count + 1);
});

test("a page that was changed is the next version of its article", async () => {
  const page = await desk.open("annotator");
  const using = await bookmark(page);
  const first = await send(page, null, { using });
  await add(first);
  const changed = await send(page, "52 million crowns", { using, address: `${site.article}?changed` });
  await add(changed);
  assert.equal(articleOf(changed), articleOf(first));
  assert.equal(await marked(changed), "52 million crowns");
  const older = await page.goto(`/demo/articles/${articleOf(first)}/versions/1`);
  assert.equal(older.status(), 200);
  assert.ok(!(await text(page)).includes("52 million"));
});

for (const name of ["hebrew", "caption", "framed", "shadow"]) {
  test(`words are marked wherever they stand: ${name}`, async () => {
    const page = await desk.open("annotator");
    const capture = await send(page, words[name]);
    await add(capture);
    assert.equal(await marked(capture), words[name]);
  });
}

test("a selection grows to whole words before it is sent", async () => {
  const page = await desk.open("annotator");
  const capture = await send(page, "arbour of Ellerö will clo");
  await addButton(capture).waitFor();
  assert.equal(await capture.locator("#capture-passage").textContent(), "harbour of Ellerö will close");
});

test("words that are not in what is kept are asked for, and kept", async () => {
  const page = await desk.open("annotator");
  const capture = await send(page, words.late);
  await addButton(capture).waitFor();
  await capture.locator("#capture [name=exact]").evaluate((field) => (field.value = "She said in the council that the bridge will cost 48 million crowns"));
  await addButton(capture).click();
  await capture.getByRole("heading", { name: "Add a claim by its words" }).waitFor();
  assert.match(await capture.locator("#quote").inputValue(), /the bridge will cost/);
  await capture.locator("#places input").first().check();
  await capture.getByRole("button", { name: "Mark as claim" }).click();
  await capture.locator("#text mark").first().waitFor();
});

test("without a selection the article is added", async () => {
  const page = await desk.open("annotator");
  const capture = await send(page, null);
  await addButton(capture).waitFor();
  assert.ok(await capture.getByText("None. The article is added").isVisible());
  await add(capture);
  assert.equal(await capture.locator("h1").textContent(), words.title);
  assert.equal(new URL(capture.url()).hash, "");
});

test("a whole page that is selected is no statement", async () => {
  const page = await desk.open("annotator");
  const using = await bookmark(page);
  await read(page, `${site.article}?long`);
  await page.keyboard.press("Control+a");
  const capture = await press(page, using);
  await addButton(capture).waitFor();
  assert.ok(await capture.getByText("Too many for one statement. The article is added").isVisible());
  await add(capture);
  assert.equal(new URL(capture.url()).hash, "");
});

test("nobody is signed in: the page waits, and is added afterwards", async () => {
  const member = await desk.open("annotator");
  const using = await bookmark(member);
  const page = await desk.open();
  const capture = await send(page, words.boats, { using });
  await capture.getByRole("link", { name: "Sign in", exact: true }).last().waitFor();
  assert.equal(await addButton(capture).count(), 0);
  assert.ok(await capture.locator("#capture-sign-in").evaluate((link) => link === document.activeElement));
  await capture.keyboard.press("Enter");
  await capture.waitForURL(/\/sign-in\?next=/);
  assert.match(await capture.locator("main [name=next]").inputValue(), /^\/capture\?desk=demo$/);
  assert.equal(await capture.evaluate(() => window.opener), null);
  // The demo's accounts have no passwords; its button signs in, and the way back is the same.
  await capture.locator('.demo-banner button[value="annotator"]').click();
  await capture.goto(`${desk.url}/capture?desk=demo`);
  await addButton(capture).waitFor();
  assert.equal(await capture.locator("#capture-passage").textContent(), words.boats);
  await add(capture);
  assert.equal(await marked(capture), words.boats);
});

test("a session that ended while the page was looked at loses nothing", async () => {
  const page = await desk.open("annotator");
  const capture = await send(page, words.opening);
  await addButton(capture).waitFor();
  await page.context().clearCookies();
  await addButton(capture).click();
  await capture.getByText("You are signed out. Nothing was changed.").waitFor();
  await capture.locator("#capture-sign-in").waitFor();
  assert.equal(await capture.locator("#capture-passage").textContent(), words.opening);
  assert.deepEqual(await accessibilityFaults(capture), []);
});

test("a page that is too large says so, and offers to paste", async () => {
  const page = await desk.open("annotator");
  const capture = await send(page, null, { address: `${site.article}?huge` });
  await capture.getByText(/This page is too large: 9\.\d MB, and at most 8\.0 MB are taken/).waitFor();
  assert.equal(await addButton(capture).count(), 0);
  assert.deepEqual(await accessibilityFaults(capture), []);
  await capture.getByRole("link", { name: "upload or paste the page" }).click();
  await capture.waitForURL(/\/demo\/articles\/new/);
});

test("a page without words says so", async () => {
  const page = await desk.open("annotator");
  const capture = await send(page, null, { address: `${site.url}/empty` });
  await capture.getByText("There are no words on this page").waitFor();
  assert.equal(await addButton(capture).count(), 0);
});

test("a site speaks for itself only, and only once", async () => {
  const page = await desk.open("annotator");
  await page.goto(`${site.url}/hostile`);
  const opened = page.context().waitForEvent("page");
  await page.evaluate((url) => (window.ours = open(`${url}/capture`)), desk.url);
  const capture = await opened;
  await capture.waitForLoadState("load");
  const tell = (message) => page.evaluate(([message, url]) => window.ours.postMessage(message, url), [message, desk.url]);
  const lie = { factdesk: "page", title: "Lie", html: "<p>Lies about others.</p>", words: 3, passage: null };
  await tell({ ...lie, address: "https://courier.example/news" });
  await tell({ ...lie, address: 12 });
  await tell({ ...lie, html: null, address: `${site.url}/hostile` });
  await tell("ready");
  // From a window that is not the one that opened it.
  await page.evaluate(([lie, url, address]) => {
    const frame = document.body.appendChild(document.createElement("iframe"));
    frame.src = "about:blank";
    frame.contentWindow.eval("(ours, lie, url) => ours.postMessage(lie, url)")(window.ours, { ...lie, address }, url);
  }, [lie, desk.url, `${site.url}/hostile`]);
  await tell({ ...lie, title: "Its own", address: `${site.url}/hostile` });
  await addButton(capture).waitFor();
  assert.equal(await capture.locator("#capture-title").textContent(), "Its own");
  // What is looked at is not replaced.
  await tell({ ...lie, title: "Another", address: `${site.url}/hostile` });
  await capture.evaluate(() => new Promise((done) => setTimeout(done, 200)));
  assert.equal(await capture.locator("#capture-title").textContent(), "Its own");
});

test("the bookmark gives the page to its own server only", async () => {
  const page = await desk.open("annotator");
  const using = await bookmark(page);
  await read(page, site.article);
  const capture = await press(page, using);
  await addButton(capture).waitFor();
  // The window goes somewhere else, which asks as ours does.
  await capture.goto(`${site.url}/hostile`);
  const got = await capture.evaluate(async () => {
    const heard = new Promise((done) => addEventListener("message", ({ data }) => done(data)));
    window.opener?.postMessage({ factdesk: "ready" }, "*");
    return Promise.race([heard, new Promise((done) => setTimeout(() => done("nothing"), 500))]);
  });
  assert.equal(got, "nothing");
});

test("nothing is added without a press, whatever a site does", async () => {
  const page = await desk.open("annotator");
  await page.goto(`${site.url}/hostile`);
  await page.evaluate(async (url) => {
    const body = new FormData();
    body.set("page", new Blob(["<p>Words.</p>"]), "page.html");
    await fetch(`${url}/demo/capture`, { method: "POST", body, credentials: "include", mode: "no-cors" }).catch(() => {});
  }, desk.url);
  page.faults.length = 0;
  const articles = await desk.open("annotator");
  await articles.goto("/demo/articles?q=Words");
  assert.equal(await articles.locator(".rows").count(), 0);
});

test("a page that comes to nothing says what to do", async () => {
  const page = await desk.open("annotator");
  await page.goto("/capture");
  await page.getByText("No page has come.").waitFor({ timeout: 15_000 });
  assert.ok(await page.getByRole("link", { name: "upload or paste the page" }).isVisible());
  assert.deepEqual(await accessibilityFaults(page), []);
});

test("without script the page says what works", async () => {
  const page = await desk.open(null, { javaScriptEnabled: false });
  await page.goto(`${desk.url}/capture`);
  assert.ok(await page.getByText("handed over by script").isVisible());
  assert.equal(await page.getByRole("button", { name: "Add to Ostermere Fact Desk" }).isVisible().catch(() => false), false);
});

test("with keys alone, from the selection to the marked article", async () => {
  const page = await desk.open("annotator");
  const capture = await send(page, words.plan);
  await addButton(capture).waitFor();
  await keys.press(addButton(capture));
  await capture.waitForURL(/\/articles\//);
  assert.equal(await marked(capture), words.plan);
});

test("an article that was pasted before is found by its text", async () => {
  const page = await desk.open("annotator");
  const using = await bookmark(page);
  await page.goto(`${site.url}/hostile`);
  await page.evaluate((text) => {
    document.title = "Ferry";
    document.body.replaceChildren(...text.split("\n\n").map((words) => Object.assign(document.createElement("p"), { textContent: words })));
  }, ferry.text);
  const first = await press(page, using);
  await add(first);
  await page.goto(`${site.url}/empty`);
  await page.evaluate((text) => {
    document.body.replaceChildren(...text.split("\n\n").map((words) => Object.assign(document.createElement("p"), { textContent: words })));
  }, ferry.text);
  const second = await press(page, using);
  await add(second);
  assert.equal(articleOf(second), articleOf(first));
});
