// Every page there is, found as a reader finds it: by following links.

const isData = /\/export\/|\/copies\.|\/references?\.|\.atom|\.jsonld|\/api\/|\/static\/|\/hypothesis\//;

// Of pages that differ by what they show, so many are taken; of others two.
const enough = [
  [/^\/demo\/claims\/ID$/, 40],
  [/^\/demo\/articles\/ID$/, 4],
];

/** What the addresses of one kind of page have in common. */
export function kindOf(path) {
  const { pathname, searchParams } = new URL(path, "http://localhost");
  const kind = pathname.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "ID").replace(/\/\d+(?=\/|$)/g, "/N");
  const names = [...new Set(searchParams.keys())].sort().join("&");
  return names ? `${kind}?${names}` : kind;
}

/** Kinds of pages that the demo shows whoever works there: what is about articles as they come in and change. */
export const atWork = [
  "/demo/articles/new", "/demo/articles/incoming", "/demo/articles/incoming/ID", "/demo/articles/incoming/new",
  "/demo/feeds", "/demo/articles/ID/fetches", "/demo/articles/ID/versions", "/demo/articles/ID/versions/N",
  "/demo/articles/ID/versions/new", "/demo/articles/ID/versions/N/compare/N",
  "/demo/articles/ID/versions/N/compare/N?view", "/demo/articles/ID/review", "/demo/articles/ID/review?show", "/demo/capture",
  "/demo/notifications", "/demo/notifications?show", "/demo/watching", "/demo/drafts", "/account/mail",
  "/demo/agreement/marking", "/demo/agreement/marking?of",
];

/** Of these, those that readers see. */
export const forReaders = [
  ...atWork.filter((kind) => /\/versions(\/N.*)?$/.test(kind)),
  "/demo/claims/ID/references", "/demo/claims/ID/references?style", "/demo/sources/ID/reference",
];

// No link leads there: it opens for a page that is sent.
const unlinked = ["/demo/capture"];

/** The addresses of all pages that links lead to from the server's front page, for whoever the page is signed in as. */
export async function everyPage(page) {
  const { origin } = new URL(page.url());
  const counts = new Map();
  const known = new Set(["/", "/sign-in", ...unlinked]);
  const waiting = [...known];
  const found = [];
  while (waiting.length > 0) {
    const path = waiting.shift();
    const kind = kindOf(path);
    const count = counts.get(kind) ?? 0;
    const most = enough.find(([pattern]) => pattern.test(kind))?.[1] ?? 2;
    if (count >= most) continue;
    counts.set(kind, count + 1);
    const answer = await page.request.get(path);
    if (!answer.headers()["content-type"]?.startsWith("text/html")) continue;
    if (!answer.ok()) throw new Error(`a link leads to ${path}, which answers ${answer.status()}`);
    found.push(path);
    for (const [, href] of (await answer.text()).matchAll(/<a\b[^>]*\shref="([^"]+)"/g)) {
      const url = new URL(href.replaceAll("&amp;", "&"), answer.url());
      const next = url.pathname + url.search;
      if (url.origin !== origin || isData.test(next) || known.has(next)) continue;
      known.add(next);
      waiting.push(next);
    }
  }
  return found;
}
