// Reads the page as its reader sees it: the markup after scripts ran, with the words that are selected in it. It sends
// nothing. The extension runs this file as it is; the bookmarklet carries it in its address. Left out are scripts, styles,
// what is not displayed, and all that was typed into the page. Shadow roots and frames of the same site are written in place.
(() => {
  const skipped = new Set(["audio", "canvas", "datalist", "embed", "input", "link", "noscript", "object", "option", "script", "select", "style", "svg", "template", "textarea", "video"]);
  const empty = new Set(["area", "base", "br", "col", "hr", "img", "link", "meta", "source", "track", "wbr"]);
  const dropped = /^(on|style$|value$|checked$|src|sizes$|integrity$|nonce$|action$|formaction$|ping$|autofocus$)/;
  const secret = /csrf|xsrf|token|nonce/i;
  const deepest = 2000;
  const longest = 2000;

  const isHtml = (element) => element.namespaceURI === "http://www.w3.org/1999/xhtml";
  const rootOf = (element) => isHtml(element) && (element.shadowRoot ?? globalThis.chrome?.dom?.openOrClosedShadowRoot?.(element));
  const innerOf = (element) => element.localName === "iframe" && element.contentDocument?.body;

  // Everything that words can be selected in.
  const roots = [];
  const documents = [];
  const explore = (place) => {
    (place.nodeType === 9 ? documents : roots).push(place);
    for (const element of place.querySelectorAll("*")) {
      const inner = innerOf(element);
      const root = rootOf(element);
      if (inner) explore(inner.ownerDocument);
      if (root) explore(root);
    }
  };
  explore(document);

  const rangeIn = (place) => {
    const selection = place.getSelection();
    if (!selection?.rangeCount) return null;
    const [range] = selection.getComposedRanges?.({ shadowRoots: roots }) ?? [selection.getRangeAt(0)];
    return range && !(range.startContainer === range.endContainer && range.startOffset === range.endOffset) && range;
  };
  // The frame that is in use counts before the page around it.
  const active = innerOf(document.activeElement ?? document.body)?.ownerDocument;
  const place = [active, ...documents].find((place) => place && rangeIn(place));
  const range = place && rangeIn(place);
  const edges = range ? [[range.startContainer, range.startOffset], [range.endContainer, range.endOffset]] : [];

  const html = [];
  const found = [];
  let text = "";
  const note = (node, offset, at) => {
    edges.forEach(([container, wanted], which) => {
      if (container === node && (offset === wanted || offset === null)) found[which] ??= at + (offset === null ? wanted : 0);
    });
  };
  const escaped = (words) => words.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const attribute = (name, value) => html.push(` ${name}="${escaped(value).replace(/"/g, "&quot;")}"`);

  const open = (element, name) => {
    html.push(`<${name}`);
    // A form's fields can hide what it has of its own.
    for (const { name: called, value } of element.localName === "form" ? [] : element.attributes) {
      if (!/^[a-z][a-z0-9_:.-]*$/.test(called) || dropped.test(called) || called === "href" || value.length > longest) continue;
      attribute(called, value);
    }
    for (const [called, address] of [["href", element.href], ["src", element.currentSrc || element.src]]) {
      if (typeof address === "string" && /^https?:/.test(address) && address.length <= longest) attribute(called, address);
    }
    html.push(">");
  };

  const isData = (element) => element.localName === "script" && /^application\/(.+\+)?json$/.test(element.type) && /ld/.test(element.type);
  const isSecret = (element) => secret.test(element.getAttribute("name") ?? "") || secret.test(element.id);
  const isMeta = (element) => element.localName === "meta" || (element.localName === "link" && /canonical|alternate|amphtml|author|license/.test(`${element.rel} ${element.getAttribute("itemprop")}`));

  // What a page says about itself.
  const told = (element) => {
    if (isData(element)) html.push(`<script type="application/ld+json">${element.text.replace(/<\//g, "<\\/")}</script>`);
    else if (isMeta(element) && !isSecret(element)) open(element, element.localName);
    else return false;
    return true;
  };

  const visit = (node, depth) => {
    if (node.nodeType === 3) {
      note(node, null, text.length);
      text += node.data;
      html.push(escaped(node.data));
    }
    if (node.nodeType !== 1 || depth > deepest || told(node) || skipped.has(node.localName)) return;
    const { display } = node.ownerDocument.defaultView.getComputedStyle(node);
    const isTypedInto = node.isContentEditable && node.matches("[contenteditable]:not([contenteditable] *)");
    if (display === "none" || isTypedInto) return;
    const inner = innerOf(node);
    if (node.localName === "iframe" && !inner) return;
    let name = /^[a-z][a-z0-9-]*$/.test(node.localName) ? node.localName : "div";
    if (/^(html|body|iframe|frameset|head)$/.test(name)) name = "div";
    if (/^(xmp|listing|plaintext)$/.test(name)) name = "pre";
    const isApart = !/^(inline|contents|ruby)/.test(display);
    if (isApart || name === "br") text += "\n";
    open(node, name);
    if (!empty.has(name)) {
      within(inner || rootOf(node) || node, depth);
      html.push(`</${name}>`);
    }
    if (isApart) text += "\n";
  };
  const within = (parent, depth) => {
    const assigned = parent.localName === "slot" ? parent.assignedNodes() : [];
    const children = [...(assigned.length ? assigned : parent.childNodes)];
    children.forEach((child, index) => {
      if (!assigned.length) note(parent, index, text.length);
      visit(child, depth + 1);
    });
    note(parent, children.length, text.length);
  };

  const { documentElement, head, body } = document;
  html.push("<!doctype html>");
  open(documentElement, "html");
  html.push(`<head><meta charset="utf-8"><title>${escaped(document.title)}</title>`);
  for (const element of head?.children ?? []) told(element);
  html.push("</head>");
  if (body) {
    open(body, "body");
    within(body, 0);
    html.push("</body>");
  }
  html.push("</html>");

  const line = (words) => words.replace(/\s+/g, " ");
  const points = (words, from, to) => Array.from(line(words)).slice(from, to).join("");
  const [start, end] = found;
  const isKnown = start !== undefined && end !== undefined;
  const exact = isKnown ? text.slice(start, end) : place ? String(place.getSelection()) : "";
  const passage = exact.trim() && {
    exact: exact.trim().replace(/\s*\n\s*/g, "\n").replace(/[^\S\n]+/g, " "),
    prefix: isKnown ? points(text.slice(Math.max(0, start - 1000), start) + exact.slice(0, exact.length - exact.trimStart().length), -160) : "",
    suffix: isKnown ? points(exact.slice(exact.trimEnd().length) + text.slice(end, end + 1000), 0, 160) : "",
  };
  return {
    factdesk: "page",
    address: location.href,
    title: document.title,
    words: text.split(/\s+/).filter(Boolean).length,
    html: html.join(""),
    passage: passage || null,
  };
})();
