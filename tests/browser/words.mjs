// Words of the article that is open, found as a reader sees them: without the numbers of claims.

/** Where words begin and end on the screen, scrolled there: two points to drag between. */
export async function pointsOf(page, words) {
  return page.evaluate((wanted) => {
    const range = findWords(wanted);
    const middle = (rect, x) => ({ x, y: rect.top + rect.height / 2 });
    range.startContainer.parentElement.scrollIntoView({ block: "center", behavior: "instant" });
    const rects = [...range.getClientRects()].filter((rect) => rect.width > 0);
    const first = rects[0];
    const last = rects.at(-1);
    return [middle(first, first.left + 1), middle(last, last.right - 1)];

    function findWords(text) {
      const nodes = [];
      const walker = document.createTreeWalker(document.querySelector("#text"), NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const { parentElement } = walker.currentNode;
        if (parentElement.closest("[data-s]") && !parentElement.closest(".ref")) nodes.push(walker.currentNode);
      }
      const at = nodes.map((node) => node.data).join("").indexOf(text);
      if (at < 0) throw new Error(`the article does not say: ${text}`);
      const found = new Range();
      const point = (unit, isEnd) => {
        let left = unit;
        for (const node of nodes) {
          if (isEnd ? left <= node.length : left < node.length) return [node, left];
          left -= node.length;
        }
      };
      found.setStart(...point(at, false));
      found.setEnd(...point(at + text.length, true));
      return found;
    }
  }, words);
}

/** Selects words by dragging the mouse over them. */
export async function dragOver(page, words) {
  const [from, to] = await pointsOf(page, words);
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2);
  await page.mouse.move(to.x, to.y, { steps: 4 });
  await page.mouse.up();
}

/** The marks that the desk keeps of the article that is open. */
export async function storedMarks(page) {
  return page.evaluate(async () => {
    const { desk, article } = document.querySelector("[data-article]").dataset;
    const answer = await fetch(`/api/v1/desks/${desk}/articles/${article}/marks`);
    if (!answer.ok) throw new Error(`marks: ${answer.status}`);
    return answer.json();
  });
}
