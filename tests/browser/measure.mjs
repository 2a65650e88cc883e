// Measures when an article page answers a key, by the number of its marks, and prints it as JSON.
//
//   node tests/browser/measure.mjs [marks …]       FACTDESK names the program, a release build
import { openWindow, signIn, startBrowser, startDemo, stop } from "./harness.mjs";
import { addArticle } from "./articles.mjs";
import { longText, markMany } from "./many.mjs";

const RUNS = 7;
const counts = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [200, 1000, 5000];

/** Milliseconds from the start of the navigation until a key moves the focus to a sentence, and until that is painted. */
async function timeOfAnswer(page, path) {
  await page.goto(path, { waitUntil: "load" });
  return page.evaluate(() => window.answered);
}

const press = () => {
  window.answered = new Promise((done) => {
    const tryIt = () => {
      const target = document.body;
      target?.dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true, cancelable: true }));
      if (!document.activeElement?.matches(".s")) return setTimeout(tryIt, 1);
      const ready = performance.now();
      requestAnimationFrame(() => setTimeout(() => done({ ready, painted: performance.now() })));
    };
    tryIt();
  });
};

const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

const demo = await startDemo();
const browser = await startBrowser();
try {
  const page = await openWindow(browser, demo.url);
  await signIn(page, "annotator");
  const results = [];
  for (const marks of counts) {
    await addArticle(page, { title: `An article with ${marks} marks`, text: longText(2000 + marks * 2) });
    const path = new URL(page.url()).pathname;
    await markMany(page, marks);
    const reader = await page.context().newPage();
    await reader.addInitScript(press);
    const times = [];
    for (let run = 0; run < RUNS; run++) times.push(await timeOfAnswer(reader, path));
    const segments = await reader.locator("#text mark").count();
    await reader.close();
    const seconds = (name) => Number((median(times.map((time) => time[name])) / 1000).toFixed(3));
    results.push({ marks, segments, interactive_s: seconds("ready"), painted_s: seconds("painted") });
  }
  console.log(JSON.stringify({ browser: await browser.version(), runs: RUNS, results }, null, 2));
} finally {
  await browser.close();
  await stop(demo);
}
