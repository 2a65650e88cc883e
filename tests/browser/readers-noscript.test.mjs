// A correction, and a reader's report to its answer: without script.
import { test } from "node:test";
import { useDemo } from "./harness.mjs";
import { mouse } from "./hands.mjs";
import { correct, report } from "./readers.mjs";

const desk = useDemo();

test("a published verdict is corrected, without script", () => correct(desk, mouse, { javaScriptEnabled: false }));

test("a reader's report is looked at twice, answered and corrected, without script", () => report(desk, mouse, { javaScriptEnabled: false }));
