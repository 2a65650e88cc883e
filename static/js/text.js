// Where words stand: between the page's nodes and the stored text. A passage is { start, end } in UTF-16 units of the whole
// text; only on the wire it is in code points. Reference links are not text.
import { $, $$, byId } from "./page.js";

export const article = $("[data-article]");
export const prose = $("#text");
export const leaf = "#text [data-s]:not(.s)";
const codePoints = (words) => Array.from(words).length;

// The text nodes and line breaks of a block, in order.
const pieces = (block) => [...block.childNodes].flatMap(piecesOf);
function piecesOf(node) {
  if (!node.matches || node.matches("br")) return [node];
  return node.matches(`.ref, ${leaf}`) ? [] : pieces(node);
}
const wordsOf = (piece) => piece.data ?? "\n";
const textOf = (block) => pieces(block).map(wordsOf).join("");

// The whole text and where its blocks begin, put together when first needed: marks change nodes, never words.
let known;
export function whole() {
  if (known) return known;
  known = { text: "", blocks: [] };
  let reached = 0;
  for (const block of $$(leaf, prose)) {
    const begins = Number(block.dataset.s);
    const words = textOf(block);
    known.text += "\n".repeat(begins - reached);
    known.blocks.push({ id: block.id, at: known.text.length });
    known.text += words;
    reached = begins + codePoints(words);
  }
  return known;
}

// Where a point of the page is in the text: in the last block that begins before it, or at that block's end.
function unitAt(node, offset) {
  const point = new Range();
  point.setStart(node, offset);
  const isAfter = (other) => point.comparePoint(other, 0) > 0;
  const { blocks } = whole();
  const inside = (node.closest ? node : node.parentNode).closest(leaf);
  const isIts = ({ id }) => (inside ? id === inside.id : !isAfter(byId(id)));
  const { id, at } = blocks.findLast(isIts) ?? blocks[0];
  let unit = at;
  for (const piece of pieces(byId(id))) {
    if (piece === node) return unit + offset;
    if (isAfter(piece)) break;
    unit += wordsOf(piece).length;
  }
  return unit;
}

// Where a unit of the text is in the page. Passages begin and end with a word or a sign, so it is never a line break.
function pointAt(unit, isEnd) {
  const { id, at } = whole().blocks.findLast((block) => (isEnd ? block.at < unit : block.at <= unit));
  let left = unit - at;
  for (const piece of pieces(byId(id))) {
    const { length } = wordsOf(piece);
    if (isEnd ? left <= length : left < length) return [piece, left];
    left -= length;
  }
  return [byId(id), 0];
}

export function rangeOf({ start, end }) {
  const range = new Range();
  range.setStart(...pointAt(start, false));
  range.setEnd(...pointAt(end, true));
  return range;
}

export function spanOf(sentence) {
  const start = unitAt(sentence, 0);
  return { start, end: start + textOf(sentence).length };
}

export const blocksIn = ({ start, end }) => {
  const { blocks } = whole();
  return blocks.filter(({ at }, index) => at < end && (blocks[index + 1]?.at ?? Infinity) > start).map(({ id }) => id);
};

export const exactOf = ({ start, end }) => whole().text.slice(start, end);
export function wire(passage) {
  const start = codePoints(whole().text.slice(0, passage.start));
  const exact = exactOf(passage);
  return { start, end: start + codePoints(exact), exact };
}

// The words, marks and blanks around a unit.
const REACH = 300;
const segmenter = new Intl.Segmenter(article.lang || undefined, { granularity: "word" });
function around(unit) {
  const from = Math.max(0, unit - REACH);
  const found = [...segmenter.segment(whole().text.slice(from, unit + REACH))];
  return found.map(({ index, segment, isWordLike }) => ({ start: from + index, end: from + index + segment.length, isWordLike, segment }));
}

// The word that a unit stands in, or the unit itself.
function wordAt(unit) {
  const word = around(unit).findLast(({ start }) => start <= unit);
  return word.isWordLike ? word : { start: unit, end: unit + 1 };
}

// The passage of what is selected, without blanks at its edges; grown to whole words unless it is to be exact.
export function passageOf({ startContainer, startOffset, endContainer, endOffset }, isExact) {
  let start = unitAt(startContainer, startOffset);
  let end = unitAt(endContainer, endOffset);
  const words = exactOf({ start, end });
  if (!words.trim()) return null;
  start += words.length - words.trimStart().length;
  end -= words.length - words.trimEnd().length;
  return isExact ? { start, end } : { start: wordAt(start).start, end: wordAt(end - 1).end };
}

// The passage with one edge moved by a word or a punctuation mark; null if there is no room.
export function moveEdge(passage, edge, by) {
  const unit = passage[edge];
  const stops = around(unit).filter(({ segment }) => segment.trim()).map((one) => one[edge]);
  const moved = { ...passage, [edge]: by > 0 ? stops.find((stop) => stop > unit) : stops.findLast((stop) => stop < unit) };
  return moved.start < moved.end ? moved : null;
}
