// The article page for those who may mark.
import "./reading.js";
import "./claiming.js";
