// Talking about a claim: with a mouse, with keys alone, without script. Who is called finds it and answers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessibilityFaults, scrollsSideways, useDemo } from "./harness.mjs";
import { keys, mouse, tabTo } from "./hands.mjs";

const desk = useDemo();

async function openClaim(page, words) {
  await page.goto(`/demo/claims?q=${words}`);
  await page.locator("main .rows .title a").first().click();
  await page.locator("#new-comment-body").waitFor();
}

/** How many notifications the header counts. */
async function unread(page) {
  const count = await page.locator("header .unread").allInnerTexts();
  return Number.parseInt(count[0] ?? "0", 10);
}

for (const [how, hands, options, claim] of [
  ["with a mouse", mouse, {}, "nurses"],
  ["with keys alone", keys, {}, "corridor"],
  ["without script", mouse, { javaScriptEnabled: false }, "route"],
]) {
  test(`somebody is called, answers, and the thread is resolved, ${how}`, async () => {
    const [one, other] = await Promise.all(["annotator", "reviewer"].map((name) => desk.open(name, options)));
    await openClaim(one, claim);
    await hands.type(one.locator("#new-comment-body"), "Please look, @reviewer, at the table.");
    await hands.press(one.getByRole("button", { name: "Comment", exact: true }));
    const said = one.locator(".comment").filter({ hasText: "Please look" });
    await said.waitFor();
    assert.equal(await said.locator(".mention").innerText(), "@reviewer");

    await other.goto("/demo/claims");
    const before = await unread(other);
    await hands.press(other.locator("header .unread"));
    await other.getByRole("heading", { name: "Notifications", level: 1 }).waitFor();
    await hands.press(other.locator(".rows .fresh .title a").first());
    const thread = other.locator(".thread").filter({ hasText: "Please look" });
    await thread.waitFor();
    await hands.press(thread.locator("details.answer > summary"));
    await hands.type(thread.locator("textarea"), "I did. It is right.");
    await hands.press(thread.getByRole("button", { name: "Answer", exact: true }));
    await other.locator(".answers .comment").filter({ hasText: "It is right" }).waitFor();
    assert.ok((await unread(other)) < before, "what was opened is read");

    await one.reload();
    const mine = one.locator(".thread").filter({ hasText: "Please look" });
    await hands.press(mine.getByRole("button", { name: /^Resolve/ }));
    await one.locator("details.resolved").filter({ hasText: "It is right" }).waitFor({ state: "attached" });
    const open = await one.locator("#part-discussion > .threads .comment").filter({ hasText: "Please look" }).count();
    assert.equal(open, 0);
  });
}

test("names are completed after an @, by mouse and by keys", async () => {
  const page = await desk.open("annotator");
  await openClaim(page, "nurses");
  const box = page.locator("#new-comment-body");
  await tabTo(box);
  await page.keyboard.type("Ask @re");
  await page.locator("#mentions [aria-selected=true]").waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  await page.keyboard.press("Enter");
  assert.equal(await box.inputValue(), "Ask @reviewer ");
  await page.keyboard.type("and @ed");
  await page.locator("#mentions li").filter({ hasText: "@editor" }).click();
  assert.equal(await box.inputValue(), "Ask @reviewer and @editor ");
  await page.keyboard.type("or mail a@re");
  assert.equal(await page.locator("#mentions").count(), 0);
  await page.keyboard.type(" @re");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#mentions").count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement.id), "new-comment-body");
  await box.fill("");
});

test("a long discussion is fine on a narrow screen, in the dark and from right to left", async () => {
  const page = await desk.open("editor", { viewport: { width: 320, height: 640 } });
  await openClaim(page, "chlorine");
  for (const body of [`https://example.org/${"long".repeat(60)}`, "مرحبا @reviewer، انظر إلى الجدول 4.", "W".repeat(300)]) {
    await page.locator("#new-comment-body").fill(body);
    await page.getByRole("button", { name: "Comment", exact: true }).click();
    await page.locator(".comment").filter({ hasText: body.slice(0, 12) }).first().waitFor();
  }
  assert.equal(await scrollsSideways(page), false);
  await page.emulateMedia({ colorScheme: "dark" });
  assert.deepEqual(await accessibilityFaults(page), []);
  const claim = page.url();
  const looked = async () => {
    assert.equal(await scrollsSideways(page), false, page.url());
    assert.deepEqual(await accessibilityFaults(page), [], page.url());
  };
  await page.locator(".comment time").first().click();
  await page.getByRole("heading", { level: 1, name: /^Comment by/ }).waitFor();
  await looked();
  await page.goto(claim);
  await page.getByRole("link", { name: /^Discuss/ }).first().click();
  await page.locator("#new-comment-body").fill("Is this the latest table?");
  await page.getByRole("button", { name: "Comment", exact: true }).click();
  await page.locator(".comment").getByText("Is this the latest table?").waitFor();
  await looked();
  for (const path of ["/demo/notifications?show=all", "/demo/watching", "/demo/drafts", "/account/mail"]) {
    await page.goto(path);
    await looked();
  }
});
