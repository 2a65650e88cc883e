// What is selected on the page is what the server keeps: random ranges over emoji, accents, tables and two directions.
import assert from "node:assert/strict";
import { test } from "node:test";
import { useDemo } from "./harness.mjs";
import { addArticle, harbour, mixed, openArticle } from "./articles.mjs";
import { storedMarks } from "./words.mjs";

const desk = useDemo();
const RANGES = 40;

/** A generator of the same numbers each time: mulberry32. */
function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Selects from one character to another, exactly, and says which words a reader would call selected. */
function select(page, from, to) {
  return page.evaluate(([from, to]) => {
    const nodes = [];
    const walker = document.createTreeWalker(document.querySelector("#text"), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.parentElement.closest("[data-s]") && !node.parentElement.closest(".ref")) nodes.push(node);
    }
    // Every place between two characters, as people see characters.
    const places = nodes.flatMap((node) =>
      [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(node.data)].map(({ index }) => [node, index]),
    );
    const [start, end] = [from, to].map((share) => Math.floor(share * places.length)).sort((a, b) => a - b);
    const [first, last] = [places[start], places[Math.max(end, start + 1)] ?? [nodes.at(-1), nodes.at(-1).length]];
    getSelection().setBaseAndExtent(...first, ...last);
    document.dispatchEvent(new PointerEvent("pointerup", { altKey: true }));

    // Counted anew: the block's own offset, and the code points before the place in it.
    const codePointsTo = ([node, unit]) => {
      const block = node.parentElement.closest("[data-s]:not(.s)");
      let count = Number(block.dataset.s);
      const inside = document.createTreeWalker(block, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
      while (inside.nextNode() && inside.currentNode !== node) {
        const { currentNode } = inside;
        if (currentNode.nodeName === "BR") count += 1;
        if (currentNode.nodeType === Node.TEXT_NODE && !currentNode.parentElement.closest(".ref")) {
          count += [...currentNode.data].length;
        }
      }
      return count + [...node.data.slice(0, unit)].length;
    };
    return { start: codePointsTo(first), end: codePointsTo(last), words: getSelection().toString() };
  }, [from, to]);
}

const bare = (text) => text.replaceAll(/\s/gu, "");

for (const [what, open] of [
  ["emoji, accents, tables and two directions", (page) => addArticle(page, mixed)],
  ["an article from right to left", (page) => openArticle(page, harbour)],
]) {
  test(`the server keeps what was selected: ${what}`, async () => {
    const page = await desk.open("annotator");
    await open(page);
    const next = random(7);
    let checked = 0;
    while (checked < RANGES) {
      const at = next();
      const wanted = await select(page, at, at + next() * 0.2);
      if (!/[\p{L}\p{N}]/u.test(wanted.words)) continue;
      const known = new Set((await storedMarks(page)).marks.map(({ appearance }) => appearance));
      const bar = page.locator("#mark-bar");
      await bar.getByRole("button", { name: /^Claim/ }).click();
      await page.waitForFunction((count) => document.querySelectorAll("#text .ref").length > count, known.size);
      const made = (await storedMarks(page)).marks.find(({ appearance }) => !known.has(appearance));
      assert.ok(made, `nothing was marked: ${wanted.words}`);
      // Blanks at the edges are left out.
      assert.ok(made.start >= wanted.start && made.end <= wanted.end, JSON.stringify({ wanted, made: [made.start, made.end, made.exact] }));
      assert.ok(made.start - wanted.start <= 3 && wanted.end - made.end <= 3, JSON.stringify({ wanted, made: [made.start, made.end, made.exact] }));
      assert.equal([...made.exact].length, made.end - made.start);
      assert.equal(made.exact, made.exact.trim());
      checked += 1;
    }
  });
}
