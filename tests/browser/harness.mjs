// A demo server on a free port, and a real browser to use it with.

import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, afterEach, before } from "node:test";
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("../..", import.meta.url));
const program = process.env.FACTDESK ?? join(root, "target/debug/factdesk");
const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Starts `factdesk demo`, with settings of its own; give it to `stop` afterwards. */
export async function startDemo(settings = {}) {
  const address = `127.0.0.1:${await freePort()}`;
  const process_ = spawn(program, ["demo", "--listen", address, "--log", "warn"], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, ...settings },
  });
  const url = `http://${address}`;
  const ended = new Promise((done) => process_.once("exit", done));
  for (let tries = 0; ; tries++) {
    const ready = await fetch(`${url}/ready`).then((answer) => answer.ok, () => false);
    if (ready) return { url, process: process_, ended };
    assert.equal(process_.exitCode, null, "the demo ended before it was ready");
    assert.ok(tries < 1200, "the demo does not get ready");
    await new Promise((done) => setTimeout(done, 50));
  }
}

export async function stop({ process: process_, ended }) {
  process_.kill("SIGTERM");
  await ended;
}

/** A browser with a profile of its own; `close` it. */
export async function startBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ],
  });
}

/** A window of somebody's own: its cookies are not the others'. Fails the test when a page logs an error. */
export async function openWindow(browser, url, options = {}) {
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  page.faults = [];
  page.on("pageerror", (error) => page.faults.push(String(error)));
  page.on("console", (message) => {
    // A failed form or a page one may not see is an answer, not a fault of the page.
    const isAnswer = /Failed to load resource: the server responded with a status of (401|403|404|409|422)/.test(message.text());
    if (message.type() === "error" && !isAnswer) page.faults.push(message.text());
  });
  return page;
}

/**
 * A demo and a browser for the tests of a file. `open(name, options)` opens a window, signed in as that account if one is
 * named; it is closed after the test, and its pages must not have logged an error. `settings` are the server's.
 */
export function useDemo(settings) {
  const desk = {};
  const pages = [];
  let demo;
  before(async () => {
    [demo, desk.browser] = await Promise.all([startDemo(settings), startBrowser()]);
    desk.url = demo.url;
  });
  after(async () => {
    await desk.browser?.close();
    if (demo) await stop(demo);
  });
  afterEach(async () => {
    const faults = pages.flatMap((page) => page.faults);
    await Promise.all(pages.splice(0).map((page) => page.context().close()));
    assert.deepEqual(faults, []);
  });
  desk.open = async (name, options) => {
    const page = await openWindow(desk.browser, desk.url, options);
    pages.push(page);
    if (name) await signIn(page, name);
    return page;
  };
  return desk;
}

/** Signs in with the demo's one click. */
export async function signIn(page, name) {
  await page.goto("/");
  await page.locator(`.demo-banner button[value="${name}"]`).click();
  await page.locator(`details.menu[data-person="${name}"]`).waitFor();
  await page.waitForLoadState("load");
}

/** What axe-core finds on the page as it is, in words; with rules named, only by those. */
export async function accessibilityFaults(page, rules) {
  // Evaluated by the driver: the page's policy holds for the page.
  await page.evaluate(axeSource);
  const options = { resultTypes: ["violations"], ...(rules && { runOnly: rules }) };
  const { violations } = await page.evaluate((options) => axe.run(options), options);
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")} — ${node.failureSummary}`));
}

/** Whether the page can be scrolled sideways. */
export async function scrollsSideways(page) {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}

/** A folder that is gone afterwards. */
export async function withFolder(use) {
  const folder = await mkdtemp(join(tmpdir(), "factdesk-browser-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
