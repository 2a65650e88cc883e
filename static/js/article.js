// The article page: what every page has, and marking.
import "./forms.js";
