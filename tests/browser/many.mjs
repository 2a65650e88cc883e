// An article with many marks, made through the JSON API.
import { randomUUID } from "node:crypto";

const AT_ONCE = 8;

const sentence = (n) => `Sentence number ${n} says that the harbour of Skarholm took in ${n * 7} ships and ${n * 13} crates in that year. `;

/** A text of so many words, a paragraph for every five sentences. */
export function longText(words) {
  let text = "";
  for (let n = 1; n * 18 < words; n++) text += n % 5 === 0 ? `${sentence(n).trim()}\n\n` : sentence(n);
  return text.trim();
}

/** Marks so many passages of the article that is open, spread over its text, and says how many it has then. */
export async function markMany(page, count) {
  const { desk, article, version, csrf } = await page.locator("[data-article]").evaluate(({ dataset }) => ({ ...dataset }));
  const words = await page.evaluate(() => {
    const blocks = [...document.querySelectorAll("#text [data-s]:not(.s)")];
    return blocks.flatMap((block) => {
      const copy = block.cloneNode(true);
      for (const ref of copy.querySelectorAll(".ref")) ref.remove();
      const text = copy.textContent;
      const start = Number(block.dataset.s);
      return [...text.matchAll(/\S+/g)].map(({ index, 0: word }) => ({
        start: start + [...text.slice(0, index)].length,
        end: start + [...text.slice(0, index + word.length)].length,
        text, from: index, to: index + word.length,
      }));
    });
  });
  const path = `/api/v1/desks/${desk}/articles/${article}/marks`;
  let next = 0;
  const work = async () => {
    while (next < count) {
      const n = next++;
      const first = Math.floor((n / count) * words.length);
      const last = words.slice(first, first + 3 + (n % 9)).findLast(({ text }) => text === words[first].text);
      const body = {
        version, start: words[first].start, end: last.end,
        exact: words[first].text.slice(words[first].from, last.to),
        claim_reviewed: `Claim number ${n} about the harbour`,
      };
      const answer = await page.request.post(path, {
        data: body,
        headers: { "x-csrf-token": csrf, "idempotency-key": randomUUID() },
      });
      if (answer.status() !== 201) throw new Error(`${answer.status()}: ${await answer.text()}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
