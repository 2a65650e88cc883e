// Going through an article's sentences without seeing what others mark.
import { addArticle } from "./articles.mjs";

export const pier = {
  title: "The pier is older than the town",
  text: `The pier of Skarholm was built in 1612, says its keeper. It was a grey morning. “Nine ships a day came in that year,” he adds.

Nobody was hurt when the crane fell. The town itself has had its rights since 1640.`,
};

let built = 1612;

/** Brings the article to the desk, each time with another year, and gives its address. */
export async function bringPier(desk, options) {
  const page = await desk.open("annotator", options);
  await addArticle(page, { ...pier, text: pier.text.replace("1612", built++) });
  return { page, path: new URL(page.url()).pathname };
}

/** Goes through an article with single keys: a claim for each `m`, none for each `n`, and none in the rest. */
export async function readByKeys(page, path, letters) {
  await page.goto(`${path}?mode=alone`);
  await page.waitForLoadState("load");
  await page.keyboard.press("j");
  for (const letter of letters) {
    await Promise.all([page.waitForEvent("load"), page.keyboard.press(letter)]);
  }
}

/** Goes through an article with the buttons beside its sentences, and ends with the one for the rest. */
export async function readByButtons(page, path, names, hands) {
  await page.goto(`${path}?mode=alone`);
  for (const [place, name] of names.entries()) {
    if (!name) continue;
    await hands.press(page.locator(".sentence-list li").nth(place).getByRole("button", { name }));
    await page.locator(".sentence-list li").nth(place).locator(".chip").waitFor();
  }
  await hands.press(page.getByRole("button", { name: "No claim in the rest" }));
  await page.getByText("You found no claim in the rest.").waitFor();
}
