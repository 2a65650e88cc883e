// The article page for those who do not mark: the open claim, and what is marked meanwhile.
import "./forms.js";
import "./panel.js";
import "./live.js";
