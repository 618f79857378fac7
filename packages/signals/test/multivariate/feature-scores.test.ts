import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProfileField } from "@tidemark/schema";
import { normalUpperTail } from "@tidemark/stats";
import { featureScorer } from "../../src/multivariate/feature-scores.ts";
import { drawRows, profileOf } from "../support/synthetic.ts";

test("scores rise with the bins and have the places of their values", () => {
  const [field] = profileOf(drawRows(3, 2_000)).fields as [ProfileField];
  const score = featureScorer(field, 0);
  const scores = field.counts.map((_, bin) => score(bin, 0.5));
  assert.equal(scores.length, field.counts.length);
  for (let bin = 1; bin < scores.length; bin++) assert.ok(scores[bin]! >= scores[bin - 1]!);
  const middle = field.counts.findIndex((_, bin) => field.counts.slice(0, bin + 1).reduce((a, b) => a + b, 0) >= 1_000);
  assert.ok(Math.abs(normalUpperTail(scores[middle]!) - 0.5) < 0.05);
});

test("a value is scored among those of its own season slot", () => {
  const [field] = profileOf(drawRows(4, 40_000), true).fields as [ProfileField];
  const bin = Math.floor(field.counts.length / 2);
  // Distances are longer at night, so that the same one stands lower there than at noon.
  assert.ok(featureScorer(field, 2)(bin, 0.5) < featureScorer(field, 12)(bin, 0.5) - 0.2);
});
