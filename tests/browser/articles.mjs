// Articles for the tests, made up, and how one brings them to the desk.

/** Quotations in curly quotes, one that stands twice, an emoji outside of the first plane, and an ellipsis. */
export const ferry = {
  title: "Ferry to Skarholm “never late”, says its owner",
  text: `“The ferry was never late this year,” its owner said.

Runa Feldt, who owns the line, told the harbour board on Monday that “the ferry was never late this year … not once”, and that 214,000 people had crossed. “Nobody waits longer than ten minutes 🚢 at the pier,” she added.

Her captain, Odo Brill, said in an interview with the Skarholm Post that Feldt had told him in spring: “We lose two crossings a week.” The line, he said, had asked the county for 1.2 million crowns, which is more than it had ever asked for.

Asked about it on Tuesday, Feldt said that she had never spoken of two crossings a week.`,
};

/** Words of every kind that offsets can go wrong with. */
export const mixed = {
  title: "Emoji, accents, tables and two directions",
  markdown: `# Emoji, accents, tables and two directions

A family 👨‍👩‍👧‍👦 and a flag 🇳🇴 stand before *naïve café owners*, who pay 1\u00a0200 crowns — “far too much…”.

- first item with 𝒎𝒂𝒕𝒉 letters
- second item, سفينة واحدة, in Arabic
- third item, אֳנִיָּה, in Hebrew with points

> A quotation that runs
> over two lines 🚢.

| harbour | ships |
| --- | --- |
| Skarholm | 214 |
| Øst | 3\u202f100 |

The last paragraph ends with a word and nothing else
`,
};

/** Brings an article to the desk through the form, and ends on its page. */
export async function addArticle(page, { title, text, markdown }) {
  await page.goto("/demo/articles/new");
  await page.locator("#text").fill(text ?? markdown);
  await page.locator("#title").fill(title);
  if (markdown) await page.locator("#format").selectOption("markdown");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Save the article" }).click();
  await page.waitForURL(/\/demo\/articles\/[0-9a-f-]{36}$/);
}

/** Opens one of the demo's articles by words of its title. */
export async function openArticle(page, words) {
  await page.goto("/demo/articles");
  await page.getByRole("link", { name: words }).first().click();
  await page.locator("#text").waitFor();
  await page.waitForLoadState("load");
}

export const waterBills = /water bills have doubled/;
export const hospital = /Emergency waits/;
export const harbour = /لن يُغلق الميناء/;
