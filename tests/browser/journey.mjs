// The way of a statement from a pasted article to a published, exported claim: each person with a window of their own.
import assert from "node:assert/strict";
import { ferry } from "./articles.mjs";

export const statement = "the ferry was never late this year … not once";
export const words = "The Skarholm ferry was late not once in 2026";
const verdict = {
  line: "The harbour log has 31 late arrivals.",
  rationale: "The harbour master writes down every arrival.\n\nFrom January to September, 31 were more than five minutes late.",
};

/**
 * Goes the whole way with these hands. `mark` marks the statement on the article's page and gives it its words; everything
 * else is done alike by everybody, with or without script.
 */
export async function goTheWholeWay(desk, hands, mark, options) {
  const annotator = await desk.open("annotator", options);
  await bringArticle(annotator, hands);
  await mark(annotator);

  const checker = await desk.open("checker", options);
  const claim = await findClaim(checker, hands);
  await cite(checker, hands);
  await draft(checker, hands);

  const reviewer = await desk.open("reviewer", options);
  await reviewer.goto("/demo/queue?lane=review");
  await hands.press(reviewer.getByRole("link", { name: words }));
  await hands.press(reviewer.getByRole("button", { name: /^Approve/ }));
  await reviewer.getByText("It waits for an editor to publish it.").waitFor();

  const editor = await desk.open("editor", options);
  await editor.goto("/demo/queue?lane=publish");
  await hands.press(editor.getByRole("link", { name: words }));
  await hands.press(editor.getByRole("button", { name: "Publish the verdict" }));
  await editor.locator('[data-stage="published"]').first().waitFor();

  await readIt(await desk.open(null, options), hands, claim);
}

async function bringArticle(page, hands) {
  await page.goto("/demo/articles");
  await hands.press(page.getByRole("link", { name: "Add an article" }));
  await hands.type(page.getByLabel("The text", { exact: true }), ferry.text);
  await hands.type(page.getByLabel(/^Title/), ferry.title);
  await hands.press(page.getByRole("button", { name: "Continue" }));
  await hands.press(page.getByRole("button", { name: "Save the article" }));
  await page.waitForURL(/\/demo\/articles\/[0-9a-f-]{36}$/);
  assert.equal(await page.locator("h1").innerText(), ferry.title);
}

/** Finds the claim by its words, and gives its address. */
async function findClaim(page, hands) {
  await page.goto("/demo/claims");
  await hands.type(page.getByLabel("Words"), "ferry late");
  await hands.press(page.getByRole("button", { name: "Find" }));
  await hands.press(page.getByRole("link", { name: words }));
  await page.locator("h1.claim-words").waitFor();
  return new URL(page.url()).pathname;
}

async function cite(page, hands) {
  await hands.type(page.locator("#part-evidence").getByRole("textbox", { name: "Address", exact: true }), "https://harbour.example.org/log/2026?utm_source=mail");
  await hands.choose(page.getByRole("radio", { name: /^refutes/i }));
  await hands.type(page.getByLabel("The passage, word for word"), "Late by more than five minutes: 31");
  await hands.press(page.getByRole("button", { name: "Add the evidence" }));
  await page.locator("ol.evidence").getByText("Late by more than five minutes: 31").waitFor();
  assert.equal(await page.locator("ol.evidence .url").innerText(), "https://harbour.example.org/log/2026");
}

async function draft(page, hands) {
  await hands.choose(page.getByRole("radio", { name: /^False/ }));
  await hands.type(page.getByLabel("In one line"), verdict.line);
  await hands.type(page.getByLabel("Rationale"), verdict.rationale);
  await hands.type(page.getByLabel("As of"), "2026-10-02");
  await hands.press(page.getByRole("button", { name: "Save and ask for review" }));
  await page.getByText(/Waiting for a second person|somebody else has to review it/).waitFor();
}

/** What a reader finds: the claim's page, the verdict in the article, and both in what is taken away. */
async function readIt(page, hands, claim) {
  await page.goto("/demo/claims");
  await hands.press(page.getByRole("link", { name: words }));
  assert.match(await page.locator(".verdict").innerText(), /False/);
  assert.equal(new URL(page.url()).pathname, claim);
  assert.match(await page.locator("main").innerText(), /31 were more than five minutes late/);
  await page.goto("/demo/exports");
  for (const format of ["claimreview", "annotations", "csv", "jsonl"]) {
    const link = page.locator(`main a[href*="/demo/export/${format}"]`).first();
    const answer = await page.request.get(await link.getAttribute("href"));
    assert.equal(answer.status(), 200, format);
    assert.ok((await answer.text()).includes(claim), `${format} has the claim`);
  }
  assert.ok((await (await page.request.get("/demo/feed.atom")).text()).includes(claim));
}
