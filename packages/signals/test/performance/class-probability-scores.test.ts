import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { attr, metric } from "@tidemark/semconv";
import { type ClassProbabilities, type ProbableRow, signals } from "@tidemark/signals";
import { aggregateOf, contextOf, drawRows, profileOf } from "../support/synthetic.ts";

interface Fixture {
  readonly outcomes: readonly number[];
  readonly probabilities: readonly (readonly number[])[];
  readonly weights: readonly number[];
  readonly expected: Record<"unweighted" | "weighted", { readonly logLoss: number; readonly rocAuc: number }>;
}

/** 500 rows of five classes, scored by scikit-learn. */
const FIXTURE = JSON.parse(
  readFileSync(join(import.meta.dirname, "../fixtures/class_probabilities_sklearn.json"), "utf8"),
) as Fixture;
const CLASSES = ["a", "b", "c", "d", "e"];

const base = profileOf(drawRows(41, 1_000));
/** A model of several classes, whose reference says nothing of them. */
const profile = {
  ...base,
  positiveLabel: null,
  fields: base.fields.filter(({ target, name }) => target === "feature" && name === "distance"),
};

const judge = (
  name: "performance" | "data_quality",
  classProbabilities: ClassProbabilities | undefined,
  { model = {}, segments = [] as string[] } = {},
) => {
  const aggregate = aggregateOf([], profile, {
    predictions: 500,
    effectivePredictions: 500,
    segments: segments.map((value) => ({ name: "country", value, labelled: [] })),
    ...(classProbabilities === undefined ? {} : { classProbabilities }),
  });
  return signals.find((signal) => signal.name === name)!.judge(aggregate, contextOf(profile, model));
};

const rowsOf = (weights: readonly number[] | null, more: Partial<ProbableRow> = {}): ProbableRow[] =>
  FIXTURE.probabilities.map((scores, row) => ({
    scores,
    outcomeLabel: CLASSES[FIXTURE.outcomes[row]!]!,
    weight: weights?.[row] ?? 1,
    segments: [],
    ...more,
  }));

const told = (rows: readonly ProbableRow[], more: Partial<ClassProbabilities> = {}): ClassProbabilities => ({
  states: { valid: rows.length, nonFinite: 0, outOfRange: 0, wrongSum: 0 },
  effective: rows.length,
  classes: CLASSES,
  segments: [],
  rows,
  ...more,
});

const scoreOf = (findings: ReturnType<typeof judge>, of: string) =>
  findings.find((each) => each.metric === of && each.target.kind === "prediction");

for (const kind of ["unweighted", "weighted"] as const) {
  test(`log loss and macro ROC AUC of ${kind} rows are scikit-learn's to 1e-9, Brier and calibration their definitions`, () => {
    const weights = FIXTURE.probabilities.map((_, row) => (kind === "weighted" ? FIXTURE.weights[row]! : 1));
    const findings = judge("performance", told(rowsOf(weights)));
    const { logLoss, rocAuc } = FIXTURE.expected[kind];
    const total = weights.reduce((sum, each) => sum + each, 0);
    let brier = 0;
    const gaps = new Float64Array(10);
    FIXTURE.probabilities.forEach((scores, row) => {
      const truth = FIXTURE.outcomes[row]!;
      scores.forEach((score, each) => {
        brier += (weights[row]! * (score - Number(each === truth)) ** 2) / total;
      });
      const top = Math.max(...scores);
      gaps[Math.ceil(top * 10) - 1]! += weights[row]! * (Number(scores.indexOf(top) === truth) - top);
    });
    const calibration = gaps.reduce((sum, gap) => sum + Math.abs(gap) / total, 0);
    for (const [name, want] of [
      [metric.performanceLogLoss, logLoss],
      [metric.performanceRocAuc, rocAuc],
      [metric.performanceBrier, brier],
      [metric.performanceCalibrationError, calibration],
    ] as const) {
      const { value, lower, upper, count } = scoreOf(findings, name)!;
      assert.ok(Math.abs(value! - want) < 1e-9, `${name}: ${value} for ${want}`);
      assert.ok(lower! < value! && value! < upper! && count === 500);
    }
  });
}

test("what rounding leaves of a sum is no error, and a class that a prediction does not name had probability 0", () => {
  const whole = judge("performance", told(rowsOf(null)));
  const scaled = rowsOf(null).map((row) => ({ ...row, scores: row.scores.map((score) => score * 0.995) }));
  const again = judge("performance", told(scaled));
  const of = metric.performanceLogLoss;
  assert.ok(Math.abs(scoreOf(again, of)!.value! - scoreOf(whole, of)!.value!) < 1e-12);
  const other = rowsOf(null).map((row, at) => (at === 0 ? { ...row, outcomeLabel: "never named" } : row));
  const worse = judge("performance", told(other));
  assert.ok(scoreOf(worse, of)!.value! > scoreOf(whole, of)!.value! + 30 / 500);
});

test("levels judge them, a window without any takes the verdict back, and a binary model has none of it", () => {
  const model = { performance: { levels: { log_loss: { warning: 0.5, critical: 0.8 } }, minimumCoverage: 0 } };
  const bad = scoreOf(judge("performance", told(rowsOf(null)), { model }), metric.performanceLogLoss)!;
  assert.equal(bad.state, "critical");
  const silent = scoreOf(judge("performance", undefined, { model }), metric.performanceLogLoss)!;
  assert.deepEqual([silent.value, silent.state], [null, "insufficient_data"]);
  assert.equal(scoreOf(judge("performance", undefined), metric.performanceLogLoss), undefined);
});

test("segments have them, values beyond the largest as one", () => {
  const rows = rowsOf(null).map((row, at) => ({ ...row, segments: [["de", "fr", "li", ""][at % 4]!] }));
  const findings = judge("performance", told(rows, { segments: ["country"] }), { segments: ["de", "fr", "_other_"] });
  const found = findings.filter((each) => each.target.kind === "segment" && each.metric === metric.performanceLogLoss);
  assert.deepEqual(found.map(({ attributes, count }) => [attributes[attr.segmentValue], count]).sort(), [
    ["_other_", 125],
    ["de", 125],
    ["fr", 125],
  ]);
});

test("probabilities that are none are counted by what is wrong with them, and judged", () => {
  const states = { valid: 400, nonFinite: 0, outOfRange: 1, wrongSum: 99 };
  const findings = judge("data_quality", told([], { states, effective: 500 }));
  const shares = findings.filter(({ target }) => target.name === "probabilities");
  assert.deepEqual(
    shares.map(({ attributes, value, state }) => [attributes[attr.qualityRule], value, state]),
    [
      ["non_finite", 0, "ok"],
      ["out_of_range", 0.002, "ok"],
      ["probability_sum", 0.198, "critical"],
    ],
  );
  const allowed = { quality: { allowed: { probabilities: { probability_sum: 0.5 } } } };
  const again = judge("data_quality", told([], { states, effective: 500 }), { model: allowed });
  assert.ok(again.filter(({ target }) => target.name === "probabilities").every(({ state }) => state === "ok"));
});
