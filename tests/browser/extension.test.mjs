// The extension in Chromium: settings, the button, the menu, what it does where it may not read.
import assert from "node:assert/strict";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { accessibilityFaults, scrollsSideways, startDemo, stop, withFolder } from "./harness.mjs";
import { read, select, startSite, words } from "./site.mjs";

const extension = fileURLToPath(new URL("../../extension", import.meta.url));
let demo;
let site;
before(async () => ([demo, site] = await Promise.all([startDemo(), startSite()])));
after(async () => {
  await site?.close();
  if (demo) await stop(demo);
});

/**
 * A browser with the extension, as its server serves it: `preset` says which one. No person is there to answer the browser's
 * question whether it may reach the server, so that is allowed beforehand. The page that is read is allowed by the press on the
 * button alone, as it is for everybody.
 */
async function withExtension(preset, use, ...others) {
  await withFolder(async (folder) => {
    const copy = join(folder, "extension");
    await cp(extension, copy, { recursive: true });
    const manifest = JSON.parse(await readFile(join(copy, "manifest.json"), "utf8"));
    const allowed = { ...manifest, host_permissions: [`${demo.url}/*`, ...others.map((url) => `${url}/*`)] };
    await writeFile(join(copy, "manifest.json"), JSON.stringify(allowed));
    await writeFile(join(copy, "preset.json"), JSON.stringify(preset));
    const context = await chromium.launchPersistentContext(join(folder, "profile"), {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      headless: false,
      args: [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--enable-unsafe-extension-debugging",
        `--disable-extensions-except=${copy}`, `--load-extension=${copy}`,
      ],
    });
    try {
      context.setDefaultTimeout(15_000);
      const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent("serviceworker"));
      await use({ context, worker, home: worker.url().replace("worker.js", "") });
    } finally {
      await context.close();
    }
  });
}

/** The page with this address, once it is open. */
async function opened(context, address) {
  for (let tries = 0; tries < 300; tries++) {
    const page = context.pages().find((page) => page.url().startsWith(address));
    if (page) return page;
    await new Promise((done) => setTimeout(done, 50));
  }
  return assert.fail(`${address} does not open: ${context.pages().map((page) => page.url())}`);
}

/** Presses the button beside the address bar. */
async function press({ context, worker, home }, page) {
  await page.bringToFront();
  await worker.evaluate(async () => ([{ id: self.pressed }] = await chrome.tabs.query({ active: true })));
  const driver = await context.browser().newBrowserCDPSession();
  const { targetInfos } = await driver.send("Target.getTargets", { filter: [{ type: "tab" }] });
  const { targetId } = targetInfos.find(({ url }) => url === page.url());
  await driver.send("Extensions.triggerAction", { id: new URL(home).host, targetId });
  await driver.detach();
}

/** Chooses from the menu over these words. */
async function choose({ worker }, page, selectionText) {
  await page.bringToFront();
  await worker.evaluate(async (selectionText) => {
    const [tab] = await chrome.tabs.query({ active: true });
    chrome.contextMenus.onClicked.dispatch({ menuItemId: "statement", selectionText }, tab);
  }, selectionText);
}

async function save(context, home, server) {
  const page = await opened(context, `${home}options.html`);
  await page.locator("#server").fill(server);
  await page.locator("#desk").fill("demo");
  await page.getByRole("button", { name: "Save" }).click();
  return page;
}

/** What the button shows on the page that it was pressed on last. */
const badge = (worker) => worker.evaluate(async () => ({
  text: await chrome.action.getBadgeText({ tabId: self.pressed }),
  title: await chrome.action.getTitle({ tabId: self.pressed }),
}));

test("from its settings to a marked statement", async () => {
  await withExtension({ server: "", desk: "" }, async (browser) => {
    const { context, worker, home } = browser;
    const options = await opened(context, `${home}options.html`);
    await options.getByRole("heading", { name: "Settings" }).waitFor();
    assert.deepEqual(await accessibilityFaults(options), []);
    await options.emulateMedia({ colorScheme: "dark" });
    assert.deepEqual(await accessibilityFaults(options, ["color-contrast"]), []);
    await options.setViewportSize({ width: 320, height: 640 });
    assert.ok(!(await scrollsSideways(options)));
    assert.match(await options.locator("#key").textContent(), /Alt\+Shift\+F|none/);

    await save(context, home, "not an address");
    await options.getByText("Give the address of a server").waitFor();
    assert.ok(await options.locator("#server").evaluate((field) => field === document.activeElement && field.ariaInvalid === "true"));
    await save(context, home, `${demo.url}/demo/articles`);
    await options.getByText("Saved. Your Factdesk server answers.").waitFor();
    assert.equal(await options.locator("#server").inputValue(), demo.url);

    const page = await context.newPage();
    const faults = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    await page.goto(demo.url);
    await page.locator('.demo-banner button[value="annotator"]').click();
    await read(page, site.article);
    await select(page, words.late);
    await press(browser, page);
    const capture = await opened(context, `${demo.url}/capture?desk=demo`);
    const button = capture.getByRole("button", { name: "Add to Ostermere Fact Desk" });
    await button.waitFor();
    assert.equal(await capture.locator("#capture-passage").textContent(), words.late);
    assert.equal(await capture.locator("#capture-address").textContent(), site.article);
    assert.ok(await button.evaluate((button) => button === document.activeElement));
    assert.deepEqual(await badge(worker), { text: "", title: "Check this page" });
    await capture.keyboard.press("Enter");
    await capture.waitForURL(/\/demo\/articles\/[0-9a-f-]{36}#b\d+$/);
    const marked = await capture.locator("#text mark").allTextContents();
    assert.equal(marked.join(""), words.late);
    assert.deepEqual(faults, []);

    // Words in a frame of another site: only the menu knows them.
    await read(page, site.article);
    await choose(browser, page, "Nobody finds these words anywhere");
    const second = await opened(context, `${demo.url}/capture?desk=demo`);
    await second.getByRole("button", { name: "Add to Ostermere Fact Desk" }).click();
    await second.getByRole("heading", { name: "Add a claim by its words" }).waitFor();
    assert.equal(await second.locator("#quote").inputValue(), "Nobody finds these words anywhere");
  }, site.url);
});

test("what its own server preset is offered, and saved by the person", async () => {
  await withExtension({ server: demo.url, desk: "demo" }, async (browser) => {
    const { context, worker, home } = browser;
    const options = await opened(context, `${home}options.html`);
    await options.waitForFunction(() => document.querySelector("#server").value);
    assert.equal(await options.locator("#server").inputValue(), demo.url);
    assert.equal(await options.locator("#desk").inputValue(), "demo");
    await options.close();
    const page = await context.newPage();
    await read(page, site.article);
    await press(browser, page);
    const again = await opened(context, `${home}options.html`);
    await again.getByRole("button", { name: "Save" }).click();
    await again.getByText("Saved. Your Factdesk server answers.").waitFor();

    // Nobody is signed in: the page is kept in its tab.
    await select(page, words.opening);
    await press(browser, page);
    const capture = await opened(context, `${demo.url}/capture?desk=demo`);
    await capture.getByText("The page is kept in this tab meanwhile.").waitFor();
    await capture.locator("#capture-sign-in").click();
    await capture.waitForURL(/sign-in/);
    await capture.locator('.demo-banner button[value="annotator"]').click();
    await capture.goto(`${demo.url}/capture?desk=demo`);
    assert.equal(await capture.locator("#capture-passage").textContent(), words.opening);
  });
});

test("it says why where it cannot read, or its server is not there", async () => {
  await withExtension({ server: "", desk: "" }, async (browser) => {
    const { context, worker, home } = browser;
    await save(context, home, demo.url);
    await (await opened(context, `${home}options.html`)).getByText("Saved. Your").waitFor();
    const closed = await context.newPage();
    await closed.goto("chrome://version/");
    await press(browser, closed);
    const problem = await opened(context, `${home}problem.html?why=closed`);
    await problem.getByRole("alert").getByText("The browser lets no extension read this page").waitFor();
    assert.equal(await problem.locator("#paste").getAttribute("href"), `${demo.url}/demo/articles/new`);
    assert.deepEqual(await accessibilityFaults(problem), []);
    assert.deepEqual(await badge(worker), { text: "!", title: (await problem.locator("#why").textContent()) });

    await worker.evaluate((server) => chrome.storage.local.set({ server }), `${site.url}`);
    const page = await context.newPage();
    await read(page, site.article);
    await press(browser, page);
    const lost = await opened(context, `${home}problem.html?why=unreachable`);
    await lost.getByRole("alert").getByText("did not answer").waitFor();
  }, site.url);
});
