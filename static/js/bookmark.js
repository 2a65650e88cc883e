// The page of ways in: pressing the bookmark there does nothing, because it belongs among one's own.
import "./forms.js";
import { on, say } from "./page.js";

on("click", (event) => {
  if (!event.target.closest(".bookmarklet")) return;
  event.preventDefault();
  say("Drag it to the bar of bookmarks, or copy its address. It works on other pages.");
});
