// A blind round by three people, and one that an adjudicator decides: without script.
import { test } from "node:test";
import { useDemo } from "./harness.mjs";
import { mouse } from "./hands.mjs";
import { threeAgree, twoDiffer } from "./rounds.mjs";

const desk = useDemo();

test("three people assess a claim blindly, without script", () => threeAgree(desk, mouse, { javaScriptEnabled: false }));

test("an adjudicator decides between two who differ, without script", () => twoDiffer(desk, mouse, { javaScriptEnabled: false }));
