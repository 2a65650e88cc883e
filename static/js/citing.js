// A kept copy, for those who may cite: the words that are chosen go into the form, which is sent like any other.
import { $, byId } from "./page.js";
import { wire } from "./text.js";
import { markBar, isChosen, does, pending, showBar } from "./marking.js";

// Enter shows the bar and takes the focus there: how the words bear on the claim is for a person to say.
does.mark = (stance, event) => {
  if (!isChosen()) {
    event?.preventDefault();
    return;
  }
  const { start, end, exact } = wire(pending);
  markBar.elements.at.value = `${start}-${end}`;
  markBar.elements.quote.value = exact;
  if (event) return;
  showBar();
  $("[name=stance]", markBar).focus();
};

// Whoever comes for one quotation sees its words.
const wanted = byId(location.hash.slice(1))?.closest(".quotations > li");
$(`[data-a="${wanted?.id.slice(2)}"]`)?.scrollIntoView({ block: "center" });
