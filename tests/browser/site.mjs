// A newspaper's site on an origin of its own, as reviewers come upon it: what matters is written by script, an overlay
// wants them to pay, and there is much around the article.
import { createServer } from "node:http";

/** Words of the article, by what is tried with them. */
export const words = {
  title: "Harbour of Ellerö closes for repairs",
  opening: "The harbour of Ellerö will close for eleven months from March",
  boats: "214 boats will have to look for another place",
  plan: "We have looked at every plan",
  twice: "That is what everybody says",
  late: "the repairs will cost 48 million crowns 🚢 and not one more",
  hebrew: "שר התחבורה אמר כי הנמל לא ייסגר",
  caption: "The old crane has not moved since 1987",
  framed: "The county has paid for three harbours since 2019",
  shadow: "Two of five quays are safe",
  hidden: "This edition is for printing only",
  typed: "a comment that nobody has sent yet",
};

const style = `body { font: 16px/1.5 serif; margin: 0 auto; max-width: 40rem } .wall { position: fixed; inset: 40% 0 0; background: #fffd } .print { display: none } .shout { text-transform: uppercase }`;

// What the page is once its scripts ran; the address's query makes variants of it.
const script = `
  const late = document.querySelector("#late");
  const asked = new URLSearchParams(location.search);
  setTimeout(() => {
    late.innerHTML = '<p>She said in the council that <b>the repairs</b> <i>will cost 48 million crowns 🚢</i> and not one more. ${words.twice}, but nobody has counted it yet.</p><p>“Nothing of this is new,” said Odo Brill, who has been harbour master for twelve years. ${words.twice}, he added, when they have read only the first page of the report.</p><p dir="rtl" lang="he">${words.hebrew}, ודבריו צוטטו בכל העיתונים של העיר באותו היום.</p>';
    if (asked.has("changed")) late.firstChild.insertAdjacentHTML("afterend", "<p>On Friday the council corrected the sum: it is 52 million crowns, said the clerk, and the county pays half of it.</p>");
    if (asked.has("long")) late.insertAdjacentHTML("beforeend", "<p>The council talked about it for a very long time. </p>".repeat(200));
    if (asked.has("huge")) late.insertAdjacentHTML("beforeend", "<p>" + "word ".repeat(1800000) + "</p>");
    const host = document.querySelector("#quays").attachShadow({ mode: "open" });
    host.innerHTML = "<p>${words.shadow}, the report of the engineers says, and the slot says: <slot></slot></p>";
    document.body.insertAdjacentHTML("beforeend", '<div class="wall" role="dialog" aria-label="Subscribe"><p>Subscribe to read on: one crown for a month.</p></div>');
    document.title = "${words.title}";
    document.body.dataset.ready = "yes";
  }, 150);
`;

const article = (origin) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><title>Loading …</title>
<link rel="canonical" href="${origin}/news/harbour">
<meta property="og:site_name" content="Ellerö Courier"><meta name="author" content="Runa Feldt">
<meta name="csrf-token" content="a-secret-of-this-site">
<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"${words.title}","datePublished":"2026-03-05T08:00:00Z","author":{"@type":"Person","name":"Runa Feldt"}}</script>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header><nav><a href="/">Home</a> <a href="/sports">Sports</a> <a href="/weather">Weather</a></nav></header>
<main><article>
<h1>${words.title}</h1>
<p>${words.opening}, the county said on Thursday, and ${words.boats} until it opens again.</p>
<p>Anna Holm, who speaks for the county, told the Courier that there is no other way. “${words.plan},” she said, “and each of them costs more.”</p>
<div id="late"></div>
<div id="quays"><b>so be it</b></div>
<p class="print">${words.hidden}.</p>
</article>
<aside class="related"><h2>More from the Courier</h2><ul><li><a href="/news/1">Ferry is late again</a></li><li><a href="/news/2">Herring at its best</a></li></ul></aside>
<section id="comments" class="comments"><h2>Comments</h2><p>Ole: ${words.caption}, I drive past it every day and have a picture of each year to show for it.</p>
<form><textarea name="comment">${words.typed}</textarea><input name="name" value="typed name"><input type="password" name="password" value="hunter2"><div contenteditable>${words.typed}</div></form></section>
<iframe src="/frame" title="Numbers" width="400" height="80"></iframe>
</main>
<footer><p>© Ellerö Courier. All rights reserved.</p></footer>
<script src="/late.js"></script>
</body>
</html>`;

const pages = {
  "/news/harbour": (origin) => article(origin),
  "/frame": () => `<!doctype html><title>Numbers</title><p>${words.framed}, as the county’s own tables show.</p>`,
  "/empty": () => `<!doctype html><title>Nothing</title><embed type="application/pdf">`,
  // Opens our page and tells it lies.
  "/hostile": () => `<!doctype html><title>Hostile</title><p>Words that nobody should see as another site’s.</p>`,
};

/** Starts the site; `close` it. */
export async function startSite() {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://site.example");
    const origin = `http://${request.headers.host}`;
    const send = (type, body) => response.writeHead(200, { "content-type": type }).end(body);
    if (pathname === "/late.js") send("text/javascript; charset=utf-8", script);
    else if (pathname === "/style.css") send("text/css", style);
    else if (pages[pathname]) send("text/html; charset=utf-8", pages[pathname](origin));
    else response.writeHead(404).end();
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${server.address().port}`;
  return { url, article: `${url}/news/harbour`, close: () => new Promise((done) => server.close(done)) };
}

/** Opens a page of the site, and waits for its scripts. */
export async function read(page, address) {
  await page.goto(address);
  if (address.includes("/news/")) await page.locator("body[data-ready]").waitFor();
}

/** Selects the words on the page, wherever they stand: in shadow roots and frames, across elements. */
export async function select(page, wanted, nth = 0) {
  const isDone = await page.evaluate(([wanted, nth]) => {
    const places = [];
    const explore = (root, selection) => {
      const nodes = [];
      let text = "";
      const walk = (node) => {
        if (node.nodeType === 3) {
          nodes.push({ node, at: text.length });
          text += node.data;
        }
        if (node.shadowRoot) explore(node.shadowRoot, selection);
        const inner = node.localName === "iframe" && node.contentDocument?.body;
        if (inner) explore(inner, inner.ownerDocument.defaultView.getSelection());
        for (const child of node.childNodes ?? []) walk(child);
      };
      walk(root);
      for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
        const point = (unit, isEnd) => {
          const found = nodes.findLast(({ at }) => (isEnd ? at < unit : at <= unit));
          return [found.node, unit - found.at];
        };
        places.push([selection, ...point(at, false), ...point(at + wanted.length, true)]);
      }
    };
    explore(document.body, getSelection());
    const [selection, ...points] = places[nth] ?? [];
    getSelection().removeAllRanges();
    selection?.setBaseAndExtent(...points);
    return Boolean(selection);
  }, [wanted, nth]);
  if (!isDone) throw new Error(`${wanted} does not stand on the page`);
}
