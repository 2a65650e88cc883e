// Pages in states that no link leads to: what failed, what two people changed, what is empty or open.
import { addArticle, hospital, mixed, openArticle, waterBills } from "./articles.mjs";
import { openWindow, signIn } from "./harness.mjs";
import { dragOver } from "./words.mjs";

/** Presses a button that leads to a page, and waits for it. */
async function press(page, name) {
  await Promise.all([page.waitForEvent("load"), page.locator("main").getByRole("button", { name }).first().click()]);
}

async function openClaim(page, words) {
  await page.goto(`/demo/claims?q=${encodeURIComponent(words)}`);
  await page.locator("main .rows .title a").first().click();
  await page.locator("h1.claim-words").waitFor();
  await page.waitForLoadState("load");
}

/** Sends a form of the page that is open as a browser without script would, and shows the answer. */
async function sendForm(page, selector, change) {
  const sent = page.locator(selector).evaluate((form, change) => {
    for (const [name, value] of Object.entries(change)) {
      for (const field of form.querySelectorAll(`[name="${name}"]`)) field.value = value;
    }
    // Without an event, so that no script takes it.
    form.submit();
  }, change);
  await Promise.all([page.waitForEvent("load"), sent]);
}

/** Somebody else changes the same form meanwhile, in a window of their own. */
async function changeMeanwhile(page, selector, change) {
  const { origin } = new URL(page.url());
  const other = await openWindow(page.context().browser(), origin);
  await signIn(other, "reviewer");
  await other.goto(page.url());
  await sendForm(other, selector, change);
  await other.context().close();
}

/** By name: each takes a page that is signed in as editor and brings it into the state. */
export const states = {
  "nothing is there": (page) => page.goto("/demo/no-such-page"),
  "no claim fits": (page) => page.goto("/demo/claims?q=zzzzzz"),
  "no article fits": (page) => page.goto("/demo/articles?q=zzzzzz"),
  "no source fits": (page) => page.goto("/demo/sources?q=zzzzzz"),
  async "an article without text"(page) {
    await page.goto("/demo/articles/new");
    await press(page, "Continue");
  },
  async "an article to look at before it is saved"(page) {
    await page.goto("/demo/articles/new");
    await page.locator("#text").fill(mixed.markdown);
    await page.locator("#format").selectOption("markdown");
    await press(page, "Continue");
  },
  async "an article that is here already"(page) {
    await addArticle(page, mixed);
    await page.goto("/demo/articles/new");
    await page.locator("#text").fill(mixed.markdown);
    await page.locator("#format").selectOption("markdown");
    await press(page, "Continue");
  },
  async "a quote that is not there"(page) {
    await openArticle(page, waterBills);
    await page.locator("#quote").fill("words that nobody wrote");
    await press(page, "Mark as claim");
    await page.getByRole("alert").waitFor();
  },
  async "a quote that stands several times"(page) {
    await openArticle(page, waterBills);
    await page.locator("#quote").fill("water");
    await press(page, "Mark as claim");
    await page.locator("#places").waitFor();
  },
  async "words that are about to be marked"(page) {
    await openArticle(page, hospital);
    await dragOver(page, "every third nurse");
    await page.locator("#mark-bar").waitFor();
  },
  async "a claim open beside its article"(page) {
    await openArticle(page, waterBills);
    await page.locator("#text .ref").first().click();
    await page.locator("#panel [data-part]").first().waitFor();
  },
  async "the list of keys"(page) {
    await openArticle(page, waterBills);
    await page.keyboard.press("?");
    await page.locator("#keys").waitFor();
  },
  async "a claim without words"(page) {
    await openClaim(page, "chlorine");
    await sendForm(page, "#part-words", { claim_reviewed: "" });
  },
  async "a new claim without an address"(page) {
    await page.goto("/demo/claims/new");
    await sendForm(page, "#new-claim", { claim_reviewed: "" });
  },
  async "words that somebody else changed"(page) {
    await openClaim(page, "corridor");
    await changeMeanwhile(page, "#part-words", { claim_reviewed: "Theirs" });
    await sendForm(page, "#part-words", { claim_reviewed: "Mine" });
    await page.locator(".conflict").waitFor();
  },
  async "a draft that somebody else changed"(page) {
    await openClaim(page, "nurses");
    await changeMeanwhile(page, "#part-draft", { one_line: "Theirs" });
    await sendForm(page, "#part-draft", { one_line: "Mine" });
    await page.locator(".conflict").waitFor();
  },
  async "an answer without evidence"(page) {
    await openClaim(page, "emergency nurses");
    await sendForm(page, "#new-question", { question: "How many nurses left within a year?" });
    await page.getByRole("link", { name: "Answer or edit: How many nurses left within a year?" }).click();
    await page.locator("#new-answer").waitFor();
    await page.waitForLoadState("load");
    await sendForm(page, "#new-answer", { kind: "abstractive", answer: "About one in five" });
  },
  async "evidence without anything"(page) {
    await openClaim(page, "nurses");
    await sendForm(page, 'form[action$="/evidence"]', { url: "", title: "" });
  },
};

/** States that need nobody signed in, or somebody else. */
export const otherStates = {
  async "a wrong password"(page) {
    await page.goto("/sign-in");
    await page.locator("main [name=handle]").fill("annotator");
    await page.locator("main [name=password]").fill("not the password at all");
    await press(page, "Sign in");
  },
  "nothing is there for a reader": (page) => page.goto("/demo/claims/00000000-0000-7000-8000-000000000000"),
};
