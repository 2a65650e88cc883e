// A correction, and a reader's report to its answer: with keys alone.
import { test } from "node:test";
import { useDemo } from "./harness.mjs";
import { keys } from "./hands.mjs";
import { correct, report } from "./readers.mjs";

const desk = useDemo();

test("a published verdict is corrected, with keys alone", () => correct(desk, keys));

test("a reader's report is looked at twice, answered and corrected, with keys alone", () => report(desk, keys));
