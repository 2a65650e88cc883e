// Addresses, DOIs and ISBNs pasted on a claim's page: sources at once outside of fields, offered as such inside a text.
import { $, $$, button, on, say } from "./page.js";
import { send } from "./forms.js";

const sourceName = /^(https?:\/\/|(doi:)?10\.\d{4,9}\/|97[89][\d-]{10,14}$)/i;
const citeForm = () => $("form[data-cite]");

// What stands in the form besides is about one source, and not for a script to send.
function citePasted(names) {
  const form = citeForm();
  const { url } = form.elements;
  url.value = [url.value.trim(), ...names].filter(Boolean).join("\n");
  form.closest("details").open = true;
  const typed = $$("textarea, input[dir]", form).some(({ name, value }) => name !== "url" && value);
  if (typed) url.focus();
  else send(form);
}

on("paste", (event) => {
  const { target, clipboardData } = event;
  const names = clipboardData.getData("text").match(/\S+/g);
  if (!citeForm() || event.defaultPrevented || !names?.every((name) => sourceName.test(name))) return;
  if (!target.closest("input, textarea, select")) {
    event.preventDefault();
    citePasted(names);
  } else if (target.matches("textarea") && !citeForm().contains(target)) {
    const what = names.length > 1 ? "Add them as sources" : "Add it as a source";
    say("Addresses in a text are not cited. ", button(what, () => citePasted(names)));
  }
});
