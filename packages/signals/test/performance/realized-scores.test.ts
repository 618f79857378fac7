import assert from "node:assert/strict";
import { test } from "node:test";
import { type OutcomeGroup, realizedScores, type ScoredTask } from "@tidemark/signals";

const BINARY: ScoredTask = {
  type: "classification",
  positiveLabel: "yes",
  classes: new Set(["yes", "no"]),
  isProbability: true,
  worth: null,
};

function row(more: Partial<OutcomeGroup>): OutcomeGroup {
  return {
    score: null,
    label: null,
    value: null,
    outcomeKind: "class",
    outcomeLabel: null,
    outcomeValue: null,
    position: null,
    weight: 1,
    count: 1,
    ...more,
  };
}

function scoreOf(task: ScoredTask, rows: readonly OutcomeGroup[], key: string): number | null | undefined {
  return realizedScores(task, rows).scores.find(([name]) => name === key)?.[1].value;
}

test("an outcome of a class that the model does not have is counted, not scored as wrong", () => {
  const rows = [
    row({ label: "yes", outcomeLabel: "yes", count: 9 }),
    row({ label: "yes", outcomeLabel: "YES", count: 5 }),
    row({ label: "yes", outcomeLabel: "no", count: 1 }),
  ];
  assert.equal(scoreOf(BINARY, rows, "accuracy"), 0.9);
  assert.equal(realizedScores(BINARY, rows).unknownClass, 5);
  assert.equal(realizedScores({ ...BINARY, classes: null }, rows).unknownClass, 0);
});

test("an outcome of a kind that says nothing of the model is counted, not scored", () => {
  const quantity = row({ outcomeKind: "value", outcomeValue: 3, count: 2 });
  const click = row({ outcomeKind: "click" });
  const place = row({ outcomeKind: "rank", position: 1 });
  const label = row({ outcomeLabel: "yes" });
  const wrong = (type: ScoredTask["type"]) =>
    realizedScores({ ...BINARY, type }, [quantity, click, place, label]).wrongKind;
  assert.deepEqual([wrong("classification"), wrong("regression"), wrong("ranking")], [3, 3, 4]);
});

test("a click is the positive class, and one with the value 0 is none", () => {
  const rows = [
    row({ label: "yes", outcomeKind: "click", count: 3 }),
    row({ label: "yes", outcomeKind: "click", outcomeValue: 0, count: 1 }),
    row({ label: "no", outcomeKind: "conversion", outcomeValue: 49.9, count: 2 }),
  ];
  assert.equal(scoreOf(BINARY, rows, "precision"), 0.75);
  assert.equal(scoreOf(BINARY, rows, "recall"), 0.6);
});

test("a probability outside [0, 1] takes no part, and does not take the other scores with it", () => {
  const rows = [
    row({ score: 0.9, outcomeLabel: "yes" }),
    row({ score: 0.1, outcomeLabel: "no" }),
    row({ score: 17, outcomeLabel: "no" }),
  ];
  assert.ok(Math.abs(scoreOf(BINARY, rows, "brier")! - 0.01) < 1e-15);
  assert.equal(scoreOf(BINARY, rows, "rocAuc"), 1);
});

test("a ranking is scored by the position of what was chosen", () => {
  const ranking: ScoredTask = { ...BINARY, type: "ranking", positiveLabel: null, classes: null };
  const rows = [
    row({ outcomeKind: "rank", position: 1 }),
    row({ outcomeKind: "click", position: 3 }),
    row({ outcomeKind: "rank", position: 20 }),
    row({ outcomeKind: "click" }),
  ];
  assert.ok(Math.abs(scoreOf(ranking, rows, "reciprocalRank")! - (1 + 1 / 3 + 1 / 20) / 3) < 1e-12);
  assert.ok(Math.abs(scoreOf(ranking, rows, "ndcg")! - (1 + 1 / 2 + 1 / Math.log2(21)) / 3) < 1e-12);
  assert.equal(scoreOf(ranking, rows, "hitRate"), 2 / 3);
  assert.equal(realizedScores(ranking, rows).rows, 3);
});

test("the business value is the mean worth by the matrix, with an interval", () => {
  const worth = { yes: { yes: 10, no: -4 }, no: { yes: -1 } };
  const rows = [
    row({ label: "yes", outcomeLabel: "yes", count: 2 }),
    row({ label: "yes", outcomeLabel: "no", count: 1 }),
    row({ label: "no", outcomeLabel: "no", count: 1 }),
  ];
  const [, value] = realizedScores({ ...BINARY, worth }, rows).scores.find(([key]) => key === "businessValue")!;
  assert.equal(value.value, 4);
  assert.ok(value.lower! < 4 && value.upper! > 4);
  assert.equal(scoreOf(BINARY, rows, "businessValue"), undefined);
});
