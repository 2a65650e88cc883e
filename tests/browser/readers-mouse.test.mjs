// A correction, and a reader's report to its answer: with a mouse.
import { test } from "node:test";
import { useDemo } from "./harness.mjs";
import { mouse } from "./hands.mjs";
import { correct, report } from "./readers.mjs";

const desk = useDemo();

test("a published verdict is corrected, with a mouse", () => correct(desk, mouse));

test("a reader's report is looked at twice, answered and corrected, with a mouse", () => report(desk, mouse));
