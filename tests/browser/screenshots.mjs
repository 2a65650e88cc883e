// Takes the pictures of the README from a running demo: node tests/browser/screenshots.mjs
import { fileURLToPath } from "node:url";
import { openWindow, signIn, startBrowser, startDemo, stop } from "./harness.mjs";
import { openArticle, waterBills } from "./articles.mjs";
import { dragOver } from "./words.mjs";

const images = fileURLToPath(new URL("../../docs/images/", import.meta.url));
const take = (page, name) => page.screenshot({ path: `${images}${name}.png` });

const demo = await startDemo();
const browser = await startBrowser();
try {
  const checker = await openWindow(browser, demo.url, { viewport: { width: 1280, height: 860 } });
  await signIn(checker, "checker");
  await openArticle(checker, waterBills);
  const overlapping = await checker.locator("#text mark").evaluateAll((all) => all.findIndex((piece) => piece.dataset.c.includes(" ")));
  await checker.locator("#text .ref").nth(1).click();
  await checker.locator("#panel [data-part]").first().waitFor();
  await checker.locator("#text mark").nth(overlapping).evaluate((piece) => piece.closest("p").scrollIntoView({ block: "center" }));
  await dragOver(checker, "I have one simple question");
  await checker.locator("#mark-bar").waitFor();
  await take(checker, "article");

  const reader = await openWindow(browser, demo.url, { viewport: { width: 1280, height: 860 } });
  await reader.goto("/demo/claims?q=bills+doubled");
  await reader.locator("main .rows .title a").first().click();
  await reader.locator(".verdict").waitFor();
  await take(reader, "claim");
} finally {
  await browser.close();
  await stop(demo);
}
