// Two people change the same words: both texts are shown, and nothing is lost.
import assert from "node:assert/strict";
import { test } from "node:test";
import { useDemo } from "./harness.mjs";

const desk = useDemo();

async function openClaim(page, words) {
  await page.goto(`/demo/claims?q=${words}`);
  await page.locator("main .rows .title a").first().click();
  await page.locator("h1.claim-words").waitFor();
}

for (const javaScriptEnabled of [true, false]) {
  test(`both texts are shown ${javaScriptEnabled ? "in place" : "without script"}`, async () => {
    const [one, other] = await Promise.all(["checker", "reviewer"].map((name) => desk.open(name, { javaScriptEnabled })));
    const claim = javaScriptEnabled ? "route" : "corridor";
    await Promise.all([openClaim(one, claim), openClaim(other, claim)]);
    const save = async (page, text) => {
      await page.locator("details:has(> #part-words) > summary").click();
      await page.locator("#part-words [name=claim_reviewed]").fill(text);
      await page.locator("#part-words button").click();
    };
    await save(one, `Theirs about the ${claim}`);
    await one.getByRole("heading", { name: `Theirs about the ${claim}` }).waitFor();

    await save(other, `Mine about the ${claim}`);
    const conflict = other.locator(".conflict");
    await conflict.waitFor();
    const shown = await conflict.innerText();
    assert.ok(shown.includes(`Theirs about the ${claim}`) && shown.includes(`Mine about the ${claim}`), shown);
    const result = conflict.getByLabel("Result");
    assert.equal(await result.inputValue(), `Mine about the ${claim}`);
    await result.fill(`Both about the ${claim}`);
    await conflict.getByRole("button", { name: "Save the result" }).click();
    await other.getByRole("heading", { name: `Both about the ${claim}` }).waitFor();

    await one.goto(`${new URL(one.url()).pathname}/history`);
    const history = await one.locator(".history").innerText();
    for (const text of ["Theirs", "Both"]) assert.ok(history.includes(text), history);
  });
}
