// What is typed and not sent comes back: after a closed window, on another device, after the end of a session, after a crash
// of the server while somebody types.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openWindow, signIn, startBrowser, useDemo, withFolder } from "./harness.mjs";
import { serverOn } from "./server.mjs";

const desk = useDemo();
const typed = "A remark that took an hour to write";

async function openClaim(page) {
  await page.goto("/demo/claims?q=nurses");
  await page.locator("main .rows .title a").first().click();
  await page.locator("#new-comment-body").waitFor();
}

/** Types, and waits until the server has it: nothing of it is in this browser any more. */
async function typeAndKeep(page, type) {
  const put = page.waitForResponse((answer) => answer.request().method() === "PUT" && answer.url().endsWith("/drafts") && answer.ok());
  await type(page.locator("#new-comment-body"));
  await put;
  await settled(page);
}

const settled = (page) => page.waitForFunction(() => !Object.keys(localStorage).some((at) => at.startsWith("draft:")), null, { timeout: 15_000 });
const fill = (box) => box.fill(typed);

test("what is typed in a window that is closed comes back on another device, and is gone once it is sent", async () => {
  const page = await desk.open("checker");
  await openClaim(page);
  const path = new URL(page.url()).pathname;
  await typeAndKeep(page, fill);
  await page.close();

  const other = await desk.open("checker");
  await other.goto(path);
  await other.waitForFunction((typed) => document.querySelector("#new-comment-body").value === typed, typed);
  await other.locator("#status").getByText("was put back").waitFor();
  await other.getByRole("button", { name: "Comment", exact: true }).click();
  await other.locator(".comment").getByText(typed).waitFor();
  await other.goto("/demo/drafts");
  await other.locator(".empty").waitFor();
  await other.goto(path);
  assert.equal(await other.locator("#new-comment-body").inputValue(), "");
});

test("what was put back can be thrown away", async () => {
  const page = await desk.open("reviewer");
  await openClaim(page);
  await typeAndKeep(page, fill);
  await page.reload();
  await page.locator("#status").getByRole("button", { name: "Throw it away" }).click();
  assert.equal(await page.locator("#new-comment-body").inputValue(), "");
  await page.waitForTimeout(2500);
  await page.goto("/demo/drafts");
  await page.locator(".empty").waitFor();
});

test("drafts can be read and thrown away without script", async () => {
  const page = await desk.open("editor");
  await openClaim(page);
  await typeAndKeep(page, fill);
  const plain = await desk.open("editor", { javaScriptEnabled: false });
  await plain.goto("/demo/drafts");
  assert.equal(await plain.locator(".rows textarea").inputValue(), typed);
  await plain.getByRole("button", { name: /Throw away/ }).click();
  await plain.locator(".empty").waitFor();
});

test("what is typed after the session has ended is here again after signing in, and then on the server", async () => {
  const page = await desk.open("checker");
  await openClaim(page);
  const path = new URL(page.url()).pathname;
  await page.locator("#new-comment-body").fill("First ");
  await page.context().clearCookies();
  await page.locator("#new-comment-body").fill(typed);
  await page.locator("#status").getByText("You are signed out").waitFor();
  await signIn(page, "checker");
  await page.goto(path);
  await page.waitForFunction((typed) => document.querySelector("#new-comment-body").value === typed, typed);
  await settled(page);
  const other = await desk.open("checker");
  await other.goto("/demo/drafts");
  assert.equal(await other.locator(".rows textarea").inputValue(), typed);
  await other.getByRole("button", { name: /Throw away/ }).click();
});

test("what somebody else changed meanwhile is not covered by a draft, which is offered instead", async () => {
  const [page, other] = await Promise.all(["checker", "reviewer"].map((name) => desk.open(name)));
  await openClaim(page);
  const path = new URL(page.url()).pathname;
  const put = page.waitForResponse((answer) => answer.request().method() === "PUT" && answer.ok());
  await page.locator("details:has(> #part-words) > summary").click();
  await page.locator("#part-words [name=claim_reviewed]").fill("Mine, not saved");
  await put;
  await page.close({ runBeforeUnload: false });

  await other.goto(path);
  await other.locator("details:has(> #part-words) > summary").click();
  await other.locator("#part-words [name=claim_reviewed]").fill("Theirs about the nurses");
  await other.locator("#part-words button").click();
  await other.getByRole("heading", { name: "Theirs about the nurses" }).waitFor();

  const again = await desk.open("checker");
  await again.goto(path);
  await again.locator("#status").getByText("You typed something else here.").waitFor();
  assert.equal(await again.locator("#part-words [name=claim_reviewed]").inputValue(), "Theirs about the nurses");
  await again.locator("#status").getByRole("button", { name: "Put it back" }).click();
  assert.equal(await again.locator("#part-words [name=claim_reviewed]").inputValue(), "Mine, not saved");
  await again.locator("#part-words [name=claim_reviewed]").fill("One in three emergency nurses left");
  await again.locator("#part-words button").click();
  await again.getByRole("heading", { name: "One in three emergency nurses left" }).waitFor();
});

test("another person at the same browser sees nothing of it", async () => {
  const page = await desk.open("checker");
  await openClaim(page);
  const path = new URL(page.url()).pathname;
  await page.context().clearCookies();
  await page.locator("#new-comment-body").fill(typed);
  await page.locator("#status").getByText("You are signed out").waitFor();
  await signIn(page, "annotator");
  await page.goto(path);
  await page.waitForTimeout(1000);
  assert.equal(await page.locator("#new-comment-body").inputValue(), "");
});

test("a server that is killed while somebody types loses nothing", async () => {
  await withFolder(async (folder) => {
    const server = await serverOn(folder);
    const browser = await startBrowser();
    try {
      const page = await openWindow(browser, server.url);
      await page.goto(server.said.match(/http\S*\/setup\/\w+/)[0]);
      const fields = { handle: "ana", display_name: "Ana", password: "four words that differ", desk_name: "North", slug: "north" };
      for (const [name, value] of Object.entries(fields)) await page.locator(`main [name=${name}]`).fill(value);
      await page.getByRole("button", { name: "Make account and desk" }).click();
      await page.waitForURL((url) => !url.pathname.startsWith("/setup"));
      await page.goto("/north/claims/new");
      await page.locator("#text").or(page.locator("main textarea:visible")).first().fill("The bridge was closed for two years.");
      for (const address of await page.locator("main input[name=url]").all()) await address.fill("https://example.org/speech");
      await page.locator("main form .actions button").first().click();
      await page.locator("#new-comment-body").waitFor();
      const path = new URL(page.url()).pathname;

      const box = page.locator("#new-comment-body");
      await typeAndKeep(page, (box) => box.pressSequentially("Written before, "));
      await server.end("SIGKILL");
      await box.pressSequentially("during, ");
      await page.waitForTimeout(3000);
      await server.start();
      await box.pressSequentially("and after the crash.");
      const whole = "Written before, during, and after the crash.";
      await settled(page);
      await page.context().clearCookies();
      await page.close();

      const other = await openWindow(browser, server.url);
      await other.goto("/sign-in");
      await other.locator("main [name=handle]").fill(fields.handle);
      await other.locator("main [name=password]").fill(fields.password);
      await other.getByRole("button", { name: "Sign in", exact: true }).last().click();
      await other.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
      await other.goto(path);
      await other.waitForFunction((whole) => document.querySelector("#new-comment-body").value === whole, whole);
    } finally {
      await browser.close();
      await server.end("SIGTERM");
    }
  });
});
