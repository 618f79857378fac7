import assert from "node:assert/strict";
import { test } from "node:test";
import { binaryScores, classificationScore, confusionMatrix, multiclassRocAuc, topKAccuracy } from "@tidemark/stats";

const groups = [
  { actual: 0, predicted: 0, weight: 50 },
  { actual: 0, predicted: 1, weight: 8 },
  { actual: 1, predicted: 0, weight: 6 },
  { actual: 1, predicted: 1, weight: 36 },
].map((group) => ({ ...group, count: group.weight }));

test("a binary matrix scores as binaryScores does, with the same standard error of accuracy and F1", () => {
  const matrix = confusionMatrix(groups, 2);
  const scores = binaryScores(
    groups.map(({ actual, predicted, ...rest }) => ({
      score: null,
      predicted: predicted === 1,
      positive: actual === 1,
      ...rest,
    })),
  );
  for (const [ours, theirs] of [
    [classificationScore(matrix, { kind: "accuracy" }), scores.accuracy],
    [classificationScore(matrix, { kind: "f", average: 1 }), scores.f1],
    [classificationScore(matrix, { kind: "precision", average: 1 }), scores.precision],
  ] as const) {
    assert.ok(Math.abs(ours.value! - theirs.value!) < 1e-12);
    assert.ok(Math.abs(ours.standardError! - theirs.standardError!) < 1e-8);
  }
});

test("a class without a prediction makes macro precision null unless a stand-in is given", () => {
  const matrix = confusionMatrix([{ actual: 0, predicted: 0, weight: 3 }], 2);
  assert.equal(classificationScore(matrix, { kind: "precision", average: "macro" }).value, null);
  assert.equal(classificationScore(matrix, { kind: "precision", average: "macro", undefinedAs: 0 }).value, 0.5);
  assert.equal(classificationScore(matrix, { kind: "matthews" }).value, null);
});

test("a class that does not exist is refused by name", () => {
  assert.throws(() => confusionMatrix([{ actual: 2, predicted: 0, weight: 1 }], 2), /groups\[0\]\.actual is 2/);
  const matrix = confusionMatrix([], 2);
  assert.throws(() => classificationScore(matrix, { kind: "f", average: 2 }), /average is 2/);
  assert.equal(classificationScore(matrix, { kind: "accuracy" }).value, null);
});

test("of equal scores the later class ranks higher; a row out of shape is refused", () => {
  const row = { actual: 0, scores: [0.4, 0.4, 0.2], weight: 1 };
  assert.equal(topKAccuracy([row], 1).value, 0);
  assert.equal(topKAccuracy([row], 2).value, 1);
  assert.throws(() => topKAccuracy([row, { ...row, scores: [1] }], 1), /rows\[1\]\.scores has 1 entries/);
  assert.equal(multiclassRocAuc([row], { comparison: "ovo", average: "macro" }).value, null);
});
