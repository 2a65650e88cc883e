// Ways of using a page: with a mouse, with a finger, with keys alone. Each presses and types what a locator finds.
import assert from "node:assert/strict";

/** Mouse, and the keyboard for typing. Also for pages without script. */
export const mouse = {
  press: (found) => found.click(),
  choose: (found) => found.click(),
  async type(found, text) {
    await found.click();
    await found.fill(text);
  },
};

/** A finger, and the keyboard on the screen. */
export const touch = {
  press: (found) => found.tap(),
  choose: (found) => found.tap(),
  async type(found, text) {
    await found.tap();
    await found.fill(text);
  },
};

/** Keys alone: Tab to get there, then the keys that a browser has for it. */
export const keys = {
  async press(found) {
    await tabTo(found);
    await found.press("Enter");
  },
  async choose(found) {
    const group = found.page().locator(`input[type=radio][name="${await found.getAttribute("name")}"]`);
    const count = await group.count();
    await tabToOneOf(group);
    for (let n = 0; n < count && !(await found.isChecked()); n++) await found.page().keyboard.press("ArrowDown");
    if (!(await found.isChecked())) await found.page().keyboard.press("Space");
    assert.ok(await found.isChecked());
  },
  async type(found, text) {
    await tabTo(found);
    if ((await found.getAttribute("type")) === "date") {
      // The field of an English browser: month, day, year.
      const [year, month, day] = text.split("-");
      return found.page().keyboard.type(month + day + year);
    }
    await found.page().keyboard.insertText(text);
  },
};


/** Presses Tab until what is found has the focus. Fails when it cannot be reached, or cannot be seen once it is. */
export async function tabTo(found) {
  await found.waitFor();
  await tabToOneOf(found);
  // The page may still be scrolling there.
  for (let tries = 0; !(await found.evaluate(isInView)); tries++) {
    assert.ok(tries < 20, "what has the focus can be seen");
    await found.page().waitForTimeout(50);
  }
}

async function tabToOneOf(group) {
  const page = group.page();
  for (let presses = 0; presses < 400; presses++) {
    if ((await group.evaluateAll((all) => all.includes(document.activeElement)))) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab does not lead to ${group}`);
}

function isInView(element) {
  const { top, bottom, left, right } = element.getBoundingClientRect();
  const middle = document.elementFromPoint((left + right) / 2, (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2);
  return bottom > 0 && top < innerHeight && (middle === element || element.contains(middle) || middle?.contains(element));
}

