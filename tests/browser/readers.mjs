// A correction, and what readers write until it is answered: each person with a window of their own, with the hands they
// are given.
import assert from "node:assert/strict";

/** The address of the page of a claim that is public in the demo: the first on the desk's front. */
export async function published(desk, options) {
  const reader = await desk.open(null, options);
  await reader.goto("/demo");
  const claim = await reader.locator(".cards .title a").first().getAttribute("href");
  await reader.goto(claim);
  await reader.locator(".verdict").waitFor();
  return { reader, claim: new URL(reader.url()).pathname };
}

/** Words the open correction of a claim anew, has it approved, and publishes it. */
async function carryThrough(desk, hands, claim, line, options) {
  const checker = await desk.open("checker", options);
  await checker.goto(claim);
  const field = checker.getByLabel("In one line");
  await field.fill("");
  await hands.type(field, line);
  await hands.press(checker.getByRole("button", { name: "Save and ask for review" }));
  await checker.getByText(/Waiting for a second person|somebody else has to review it/).waitFor();
  const reviewer = await desk.open("reviewer", options);
  await reviewer.goto(claim);
  await hands.press(reviewer.getByRole("button", { name: /^Approve/ }));
  await reviewer.getByText("It waits for an editor to publish it.").waitFor();
  const editor = await desk.open("editor", options);
  await editor.goto(claim);
  await hands.press(editor.getByRole("button", { name: /^Publish/ }));
  await editor.getByText("What changes it is a correction").waitFor();
}

/** What readers see of a correction: why, both texts, what changed; at the claim, on its own page, in the list. */
async function seen(reader, claim, note, line) {
  await reader.goto(claim);
  const notice = reader.locator(".correction").first();
  assert.match(await notice.innerText(), new RegExp(note));
  await notice.getByRole("link", { name: "Both texts side by side" }).click();
  await reader.locator(".both").first().waitFor();
  assert.match(await reader.locator("main").innerText(), new RegExp(line));
  assert.ok((await reader.locator(".diff ins").count()) > 0 && (await reader.locator(".diff del").count()) > 0);
  await reader.goto("/demo/corrections");
  assert.match(await reader.locator(".rows > li").first().innerText(), new RegExp(note));
}

/** An editor corrects a published verdict. */
export async function correct(desk, hands, options) {
  const { reader, claim } = await published(desk, options);
  const before = await reader.locator(".verdict .line").innerText();
  const editor = await desk.open("editor", options);
  await editor.goto(claim);
  const form = editor.locator(`form[action$="/corrections"]`);
  if (!(await form.isVisible())) await hands.press(editor.locator("summary", { hasText: /correct/i }).first());
  await hands.choose(form.getByRole("radio", { name: /^Clarification/ }));
  await hands.type(form.getByLabel(/note/i), "Readers took it for a yearly figure.");
  await hands.press(form.getByRole("button"));
  await editor.getByRole("button", { name: "Save and ask for review" }).waitFor();
  await reader.goto(claim);
  assert.equal(await reader.locator(".verdict .line").innerText(), before, "the old verdict stays until the new one is public");
  await carryThrough(desk, hands, claim, "It is the figure of one month.", options);
  await seen(await desk.open(null, options), claim, "Readers took it for a yearly figure", "It is the figure of one month");
}

/** A reader's report, looked at twice, corrected because of it, and answered in public. */
export async function report(desk, hands, options) {
  const { reader, claim } = await published(desk, options);
  await hands.press(reader.getByRole("link", { name: "Write to the desk" }));
  await reader.getByLabel("What should the desk know?").waitFor();
  await hands.choose(reader.getByRole("radio", { name: /^Something is wrong/ }));
  await hands.type(reader.getByLabel("What should the desk know?"), "The table that you cite is of another year.");
  await hands.type(reader.getByLabel(/^Addresses/), "https://harbour.example.org/tables/2022");
  await hands.type(reader.getByLabel(/^Your name/), "Ines Roe");
  // Who sends in less than three seconds is taken for a robot.
  await reader.waitForTimeout(3_100);
  await hands.press(reader.getByRole("button", { name: "Send" }));
  await reader.locator("code.secret").waitFor();
  const own = await reader.locator("code.secret").innerText();
  assert.match(await reader.locator("main").innerText(), /Next: two people look at it/);

  for (const [name, heading] of [["checker", "First look"], ["reviewer", "Second look"]]) {
    const member = await desk.open(name, options);
    await member.goto("/demo/reports");
    await hands.press(member.getByRole("link", { name: /^The table that you cite/ }));
    await member.getByRole("heading", { name: heading }).waitFor();
    await hands.choose(member.getByRole("radio", { name: "They are right", exact: true }));
    await hands.type(member.getByLabel(/^Note for the desk/), "I read both tables.");
    await hands.press(member.getByRole("button", { name: "Save what I found" }));
    await member.getByText("I read both tables.").first().waitFor();
  }

  const editor = await desk.open("editor", options);
  await editor.goto("/demo/reports?part=answer");
  await hands.press(editor.getByRole("link", { name: /^The table that you cite/ }));
  const answer = editor.locator(`form[action$="/answer"]`);
  await hands.type(answer.getByLabel("The answer"), "Thank you: we have read the right table now.");
  await hands.choose(answer.getByRole("radio", { name: /^Everybody/ }));
  await hands.press(answer.getByRole("button", { name: "Answer" }));
  await editor.getByRole("heading", { name: "The answer" }).waitFor();
  const correction = editor.locator(`form[action$="/correction"]`);
  await hands.choose(correction.getByRole("radio", { name: /^Minor correction/ }));
  await hands.type(correction.getByLabel("Public note"), "We had read the table of another year.");
  await hands.press(correction.getByRole("button", { name: "Begin the correction" }));
  await editor.getByRole("button", { name: "Save and ask for review" }).waitFor();
  await carryThrough(desk, hands, claim, "The right table shows the same.", options);

  await reader.goto(own);
  const page = await reader.locator("main").innerText();
  assert.match(page, /The desk has answered you/);
  assert.match(page, /Thank you: we have read the right table now\./);
  assert.match(page, /was corrected because of it/);
  // Another reader: who read the page a moment ago is shown it as it was for as long as it may be kept.
  const other = await desk.open(null, options);
  await other.goto(claim);
  assert.match(await other.locator("main").innerText(), /A reader wrote to us\.[^]*Our answer: Thank you/);
  await seen(other, claim, "We had read the table of another year", "The right table shows the same");
}
