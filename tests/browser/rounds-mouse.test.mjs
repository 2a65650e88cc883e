// A blind round by three people, and one that an adjudicator decides: with a mouse.
import { test } from "node:test";
import { useDemo } from "./harness.mjs";
import { mouse } from "./hands.mjs";
import { threeAgree, twoDiffer } from "./rounds.mjs";

const desk = useDemo();

test("three people assess a claim blindly, with a mouse", () => threeAgree(desk, mouse));

test("an adjudicator decides between two who differ, with a mouse", () => twoDiffer(desk, mouse));
