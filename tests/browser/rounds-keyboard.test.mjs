// A blind round by three people, and one that an adjudicator decides: with keys alone.
import { test } from "node:test";
import { useDemo } from "./harness.mjs";
import { keys } from "./hands.mjs";
import { threeAgree, twoDiffer } from "./rounds.mjs";

const desk = useDemo();

test("three people assess a claim blindly, with keys alone", () => threeAgree(desk, keys));

test("an adjudicator decides between two who differ, with keys alone", () => twoDiffer(desk, keys));
