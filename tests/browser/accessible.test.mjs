// axe-core finds nothing on any page, in any state, in light or dark.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessibilityFaults, scrollsSideways, useDemo } from "./harness.mjs";
import { atWork, everyPage, forReaders, kindOf } from "./pages.mjs";
import { otherStates, states } from "./states.mjs";

const desk = useDemo();

/** Collects what is wrong with the page as it is: in light, in dark, and 320 px wide. */
async function look(page, where, faults) {
  const add = (how, found) => faults.push(...found.map((fault) => `${where}, ${how}: ${fault}`));
  add("light", await accessibilityFaults(page));
  await page.emulateMedia({ colorScheme: "dark" });
  add("dark", await accessibilityFaults(page, ["color-contrast", "link-in-text-block"]));
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 320, height: 640 });
  if (await scrollsSideways(page)) add("320 px", ["it scrolls sideways"]);
  await page.setViewportSize({ width: 1280, height: 900 });
}

for (const name of [null, "editor", "admin", "annotator"]) {
  test(`every page is for everybody, seen by ${name ?? "a reader"}`, async () => {
    const page = await desk.open(name);
    if (!name) await page.goto("/");
    const faults = [];
    const pages = await everyPage(page);
    assert.ok(pages.length > (name ? 40 : 15), pages.join("\n"));
    const kinds = new Set(pages.map(kindOf));
    const wanted = !name ? forReaders : name === "admin" ? [] : atWork;
    assert.deepEqual(wanted.filter((kind) => !kinds.has(kind)), []);
    // Admins and annotators see of a page what an editor sees, or less: one of each kind is enough there.
    const first = new Map(pages.toReversed().map((path) => [kindOf(path), path]));
    const looked = ["admin", "annotator"].includes(name) ? first.values() : pages;
    for (const path of looked) {
      await page.goto(path);
      await look(page, path, faults);
    }
    assert.deepEqual(faults, []);
  });
}

for (const [name, all, account] of [["at work", states, "editor"], ["outside", otherStates, null]]) {
  test(`every state is for everybody: ${name}`, async () => {
    const faults = [];
    for (const [state, reach] of Object.entries(all)) {
      const page = await desk.open(account);
      await reach(page);
      await look(page, state, faults);
      await page.context().close();
    }
    assert.deepEqual(faults, []);
  });
}
