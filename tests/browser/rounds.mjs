// Rounds that several people judge: each person with a window of their own, with the hands they are given.
import assert from "node:assert/strict";

const line = "The tables show less.";
const rationale = "We read the harbour's tables.";

/** Lets the desk decide by blind assessments of so many people. */
export async function assessBlindly(desk, hands, people, options) {
  const admin = await desk.open("admin", options);
  await admin.goto("/demo/settings");
  await hands.press(admin.getByRole("link", { name: "How verdicts are decided" }));
  await hands.choose(admin.getByRole("radio", { name: /^Several people assess blindly/ }));
  const field = admin.getByLabel("People who assess blindly");
  await field.selectText();
  await hands.type(field, String(people));
  await hands.press(admin.getByRole("button", { name: "Save the policy" }));
  await admin.getByText(`${people} people assess each claim without seeing each other’s ratings.`).first().waitFor();
}

/** Adds a claim with evidence, asks for assessments, and gives the address of its page. */
export async function addClaim(desk, hands, words, options) {
  const annotator = await desk.open("annotator", options);
  await annotator.goto("/demo/claims/new");
  await hands.type(annotator.getByLabel(/^The claim in plain words/), words);
  await hands.type(annotator.locator("main").getByLabel(/^Address/), "https://posts.example.org/7");
  await hands.press(annotator.getByRole("button", { name: "Add the claim" }));
  await annotator.waitForURL(/\/demo\/claims\/[0-9a-f-]{36}/);
  const claim = new URL(annotator.url()).pathname;
  const checker = await desk.open("checker", options);
  await checker.goto(claim);
  const evidence = checker.locator("#part-evidence");
  await hands.type(evidence.getByRole("textbox", { name: "Address", exact: true }), "https://harbour.example.org/tables/2026");
  await hands.choose(checker.getByRole("radio", { name: /^refutes/i }));
  await hands.press(checker.getByRole("button", { name: "Add the evidence" }));
  await checker.locator("ol.evidence .url").waitFor();
  await hands.press(checker.getByRole("button", { name: "Save and ask for assessments" }));
  await checker.getByText(/Being assessed blindly/).waitFor();
  return { claim, checker };
}

/** Somebody rates a claim; `seen` gets the page before. */
export async function assess(page, hands, claim, rating, why, seen) {
  await page.goto(claim);
  await hands.press(page.getByRole("link", { name: /^Assess it/ }).first());
  await page.locator("form.assess").waitFor();
  await seen?.(page);
  await hands.choose(page.locator("form.assess").getByRole("radio", { name: new RegExp(`^${rating}`) }));
  await hands.type(page.getByLabel("Why"), why);
  await hands.choose(page.getByRole("radio", { name: "Medium" }));
  await hands.press(page.getByRole("button", { name: "Give your assessment" }));
  await page.locator("[data-status]").waitFor();
}

/** Writes the words of a verdict whose rating is decided, has them approved, and publishes it. */
export async function finish(hands, claim, [writer, approver, editor], reader) {
  await writer.goto(claim);
  assert.equal(await writer.locator(".ratings input").count(), 0, "the rating is decided");
  await hands.type(writer.getByLabel("In one line"), line);
  await hands.type(writer.getByLabel("Rationale"), rationale);
  await hands.press(writer.getByRole("button", { name: "Save and ask for review" }));
  await writer.getByText(/Waiting for a second person|somebody else has to review it/).waitFor();
  await approver.goto(claim);
  await hands.press(approver.getByRole("button", { name: /^Approve/ }));
  await approver.getByText("It waits for an editor to publish it.").waitFor();
  await editor.goto(claim);
  await hands.press(editor.getByRole("button", { name: "Publish the verdict" }));
  await editor.locator('[data-stage="published"]').first().waitFor();
  await reader.goto(claim);
  return reader.locator(".verdict").innerText();
}

/** A blind round by three people who agree. */
export async function threeAgree(desk, hands, options) {
  const words = "The harbour is dredged every week";
  await assessBlindly(desk, hands, 3, options);
  const { claim, checker } = await addClaim(desk, hands, words, options);
  const reviewer = await desk.open("reviewer", options);
  const editor = await desk.open("editor", options);
  await assess(reviewer, hands, claim, "False", "The tables say once a month.");
  const blind = async (page) => {
    const text = await page.locator("body").innerText();
    assert.ok(!text.includes("once a month"), "nobody sees what others gave");
  };
  await assess(editor, hands, claim, "False", "Nobody dredges at night.", blind);
  await checker.goto(claim);
  assert.match(await checker.locator("main").innerText(), /2 of 3 are in/);
  await blind(checker);
  await assess(checker, hands, claim, "False", "The log has twelve days.", blind);
  const verdict = await finish(hands, claim, [checker, reviewer, editor], await desk.open(null, options));
  assert.match(verdict, /False/);
  assert.match(verdict, /without seeing each other’s ratings/);
  assert.match(verdict, /3 × False/);
}

/** A blind round by two who differ, and an editor who decides. */
export async function twoDiffer(desk, hands, options) {
  await assessBlindly(desk, hands, 2, options);
  const { claim, checker } = await addClaim(desk, hands, "The quay was built in a year", options);
  const reviewer = await desk.open("reviewer", options);
  const editor = await desk.open("editor", options);
  await assess(reviewer, hands, claim, "False", "It took three years.");
  await assess(checker, hands, claim, "Misleading", "The first part took a year.");
  // Whoever assessed reads both, and does not decide.
  await checker.goto(`${claim}/adjudication`);
  assert.match(await checker.locator("main").innerText(), /It took three years\.[^]*The first part took a year\./);
  assert.equal(await checker.getByRole("button", { name: "Decide" }).count(), 0);
  await editor.goto(claim);
  await hands.press(editor.getByRole("link", { name: /^Decide between the ratings/ }));
  assert.deepEqual(await editor.locator(".given > li .badge").allInnerTexts(), ["False", "Misleading"]);
  await hands.choose(editor.locator("form.narrow").getByRole("radio", { name: /^False/ }));
  await hands.type(editor.getByLabel("Why"), "A part of a quay is no quay.");
  await hands.press(editor.getByRole("button", { name: "Decide" }));
  await editor.getByText("an adjudicator decided").waitFor();
  const verdict = await finish(hands, claim, [checker, reviewer, editor], await desk.open(null, options));
  assert.match(verdict, /Decided by an adjudicator/);
  assert.match(verdict, /1 × False, 1 × Misleading/);
}
