// Keeps what is typed into a form: in this browser at once, on the server every two seconds, until it is sent. Comes back on any
// page that has the form, through a lost session, a crash, a closed window, on another device.
const every = 2000;
const plain = ":is(textarea, select, input):not([hidden], [type=hidden], [type=password], [type=file], [type=submit], [type=button], [readonly])";

export function start({ $, $$, button, on, say }) {
  const { person, desk } = $("[data-drafts]").dataset;
  const service = `/api/v1/desks/${desk}/drafts`;
  const known = new Set();
  const timers = new Map();
  const sending = new Map();
  // What was typed into forms of other pages. The next page may have been printed before the server had it, and so does not
  // ask; for a while a note says that it has to.
  const away = new Set();
  const noted = 60000;
  const slot = (action) => `draft:${person}:${action}`;
  const recall = (action) => JSON.parse(localStorage[slot(action)] ?? null);
  const locals = () => Object.keys(localStorage).filter((at) => at.startsWith(slot(""))).map((at) => at.slice(slot("").length));
  // Forms that are sent to one address are told apart, by their data-draft or as parts of the page.
  function keyOf(form) {
    const told = form.dataset.draft ?? (form.matches("[data-part]") ? form.id : "");
    return `${form.getAttribute("action") ?? ""}${told && "#"}${told}`;
  }
  const isTyped = (control) => control.name && control.matches(plain);
  const isKept = (form) => form.method === "post" && keyOf(form).startsWith(`/${desk}/`) && !$("[type=password]", form) && [...form.elements].some(isTyped);
  const isTick = ({ type }) => type === "radio" || type === "checkbox";

  function standsIn(control) {
    if (isTick(control)) return [control.checked && control.value, control.defaultChecked && control.value];
    if (control.options) return [control.value, ([...control.options].find((option) => option.defaultSelected) ?? control.options[0])?.value ?? ""];
    return [control.value, control.defaultValue];
  }
  function labelOf(control) {
    const from = isTick(control) ? (control.closest("fieldset")?.querySelector("legend") ?? control.labels?.[0]) : control.labels?.[0];
    return (from?.textContent ?? control.ariaLabel ?? control.name).trim().replace(/\s+/g, " ").slice(0, 200);
  }
  // The fields of a form in which something else stands than what it was printed with, or all of them.
  function fieldsOf(form, all) {
    const fields = new Map();
    for (const control of form.elements) {
      if (!isTyped(control)) continue;
      if (!fields.has(control.name)) fields.set(control.name, { name: control.name, label: labelOf(control), base: [], value: [] });
      const field = fields.get(control.name);
      const [value, base] = standsIn(control);
      if (value !== false) field.value.push(value);
      if (base !== false) field.base.push(base);
    }
    const told = [...fields.values()].map((field) => ({ ...field, base: field.base.join(", "), value: field.value.join(", ") }));
    return all ? told : told.filter(({ base, value }) => base !== value);
  }

  function typed(form) {
    if (!isKept(form)) return;
    const action = keyOf(form);
    const fields = fieldsOf(form);
    if (fields.length === 0 && !known.has(action)) {
      delete localStorage[slot(action)];
      return;
    }
    const submission = form.elements.submission?.value || null;
    const before = recall(action);
    if (before?.draft && !before.sent && JSON.stringify(before.draft.fields) === JSON.stringify(fields)) return;
    const draft = { form: action, page: location.pathname + location.search, title: document.title, fields, submission };
    localStorage[slot(action)] = JSON.stringify({ at: Date.now(), draft });
    if (!timers.has(action)) timers.set(action, setTimeout(() => push(action), every));
  }

  // Sends what is kept here to the server, one after the other; what the server has is not kept here any more.
  function push(action) {
    clearTimeout(timers.get(action));
    timers.delete(action);
    const turn = (sending.get(action) ?? Promise.resolve()).then(() => put(action));
    sending.set(action, turn);
    return turn;
  }
  async function put(action) {
    const text = localStorage[slot(action)];
    const kept = JSON.parse(text ?? null);
    if (!kept?.draft || kept.sent) return;
    const body = JSON.stringify(kept.draft);
    const headers = { "content-type": "application/json", "x-csrf-token": $("[name=csrf]")?.value ?? "" };
    // A window that closes lets small requests go on.
    const answer = await fetch(service, { method: "PUT", headers, body, keepalive: body.length < 60000 }).catch(() => null);
    if (answer?.ok) {
      if (localStorage[slot(action)] === text) {
        if (away.has(action)) localStorage[slot(action)] = JSON.stringify({ at: Date.now() });
        else delete localStorage[slot(action)];
      }
      known[kept.draft.fields.length ? "add" : "delete"](action);
    } else if (!answer || answer.status >= 500) {
      if (!timers.has(action)) timers.set(action, setTimeout(() => push(action), every));
    } else if (answer.status === 401 || answer.status === 403) say("You are signed out. What you type is kept in this browser.");
    else say("This cannot be kept on the server; it is kept in this browser.");
  }
  const pushAll = () => timers.forEach((_, action) => push(action));

  // Lets nothing overtake a form that is about to be sent, for a second at most.
  function still(form) {
    const action = keyOf(form);
    clearTimeout(timers.get(action));
    timers.delete(action);
    return Promise.race([sending.get(action), new Promise((done) => setTimeout(done, 1000))]);
  }

  // What was taken is kept no more; what was typed meanwhile is.
  async function forget(form, body) {
    const action = keyOf(form);
    if (fieldsOf(form, true).some(({ name, value }) => body.getAll(name).join(", ") !== value)) return;
    clearTimeout(timers.get(action));
    timers.delete(action);
    delete localStorage[slot(action)];
    // The server threw away what it had, but for what comes late, and what it cannot tell apart.
    if (!action.includes("#")) known.delete(action);
    await sending.get(action);
    if (!known.has(action) || localStorage[slot(action)]) return;
    const draft = { form: action, page: location.pathname, title: document.title, fields: [], submission: null };
    localStorage[slot(action)] = JSON.stringify({ at: Date.now(), draft });
    push(action);
  }

  function putBack(form, fields) {
    for (const { name, value } of fields) {
      const parts = value.split(", ");
      for (const control of form.elements) {
        if (control.name !== name || !isTyped(control)) continue;
        if (isTick(control)) control.checked = parts.includes(control.value);
        else control.value = value;
        for (let around = control.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
      }
    }
    form.elements[fields[0].name]?.dispatchEvent?.(new Event("input", { bubbles: true }));
  }

  async function restore(root) {
    const forms = new Map($$("form", root).filter(isKept).map((form) => [keyOf(form), form]));
    const query = new URLSearchParams([...forms.keys()].map((action) => ["form", action]));
    const answer = forms.size ? await fetch(`${service}?${query}`).catch(() => null) : null;
    const drafts = new Map();
    for (const { form, fields, saved_at } of answer?.ok ? await answer.json() : []) {
      known.add(form);
      drafts.set(form, { fields, at: Date.parse(saved_at) });
    }
    for (const action of locals()) {
      const { at, draft } = recall(action);
      if (!draft) {
        if (forms.has(action) || at + noted < Date.now()) delete localStorage[slot(action)];
      } else if (forms.has(action)) {
        // The server's is told to the second.
        if (at + 1000 >= (drafts.get(action)?.at ?? 0)) drafts.set(action, { fields: draft.fields, at });
      } else {
        away.add(action);
        push(action);
      }
    }
    const back = [];
    const offered = [];
    for (const [action, { fields }] of drafts) {
      const form = forms.get(action);
      const now = new Map(fieldsOf(form, true).map((field) => [field.name, field]));
      const wanted = fields.filter(({ name, value }) => now.has(name) && now.get(name).value !== value);
      if (wanted.length === 0) continue;
      if (wanted.every(({ name, base }) => now.get(name).value === base)) {
        putBack(form, wanted);
        back.push(form);
      } else offered.push([form, wanted]);
    }
    const drop = () => back.forEach((form) => (form.reset(), typed(form)));
    const words = [];
    if (back.length) words.push("What you typed here before was put back. ", button("Throw it away", drop), " ");
    if (offered.length) words.push("You typed something else here. ", button("Put it back", () => offered.forEach((one) => putBack(...one))));
    if (words.length) say(...words);
  }

  on("focusout", ({ target: { form } }) => form && timers.has(keyOf(form)) && push(keyOf(form)));
  on("visibilitychange", () => document.hidden && pushAll());
  on("pagehide", pushAll, window);
  // What is sent is answered with what it held, unless no answer comes: then the next page is no new one.
  on("submit", (event) => {
    const form = event.target;
    const kept = recall(keyOf(form));
    if (event.defaultPrevented || !kept?.draft) return;
    clearTimeout(timers.get(keyOf(form)));
    timers.delete(keyOf(form));
    localStorage[slot(keyOf(form))] = JSON.stringify({ ...kept, sent: true });
  }, window);
  if (performance.getEntriesByType("navigation")[0]?.type === "navigate") {
    for (const action of locals()) if (recall(action).sent) delete localStorage[slot(action)];
  }
  return { forget, restore, still, typed };
}
