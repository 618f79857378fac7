import assert from "node:assert/strict";
import { test } from "node:test";
import {
  byErrorTarget,
  type CoarseFeature,
  createErrorReference,
  type ErrorFeature,
  type ErrorRows,
  errorMetricNames,
  estimateErrors,
  fitErrors,
  type MaturedErrors,
  realizedErrorMetrics,
  seededUniform,
} from "@tidemark/stats";

interface Rows extends ErrorRows {
  readonly errors: Float64Array;
}

interface Variant {
  /** Share of rows of the category whose errors are three times the others'. */
  readonly wild?: number;
  /** Added to every error. */
  readonly bias?: number;
}

/** A numeric feature, a category, and a prediction; the error's size depends on all of them, a bias on the numeric one. */
function sample(seed: number, count: number, { wild = 0.25, bias = 0 }: Variant = {}): Rows {
  const random = seededUniform(seed);
  const codes: Uint8Array[] = [];
  const predictions = new Float64Array(count);
  const errors = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const level = 1 + Math.floor(random() * 8);
    const isWild = random() < wild;
    predictions[i] = 100 * random();
    codes.push(Uint8Array.of(level, isWild ? 2 : 1));
    const size = (1 + level / 4 + predictions[i]! / 50) * (isWild ? 3 : 1);
    errors[i] = size * (random() + random() - 1) * 3 + level / 8 - 0.5 + bias;
  }
  return { codes, predictions, errors };
}

const features: readonly (ErrorFeature & CoarseFeature)[] = [
  { size: 11, isOrdered: true, coarse: Uint8Array.from({ length: 11 }, (_, code) => code), coarseSize: 11 },
  { size: 5, isOrdered: false, coarse: Uint8Array.of(0, 1, 2, 3, 4), coarseSize: 5 },
];
const rows = sample(1, 6_000);
const fitted = fitErrors(features, rows, rows.errors);
const reference = createErrorReference(features, fitted, { ...rows, residuals: fitted.residuals });

test("the metrics of known errors are those of their definitions", () => {
  const { mae, mse, rmse, bias } = realizedErrorMetrics([3, -1, 2, 0]);
  assert.deepEqual([mae, mse, bias], [1.5, 3.5, 1]);
  assert.equal(rmse, Math.sqrt(3.5));
});

test("without a shift the estimate is the reference's error, and unproven", () => {
  const { metrics, domainAuc, hasOverlap } = estimateErrors(reference, sample(2, 6_000), []);
  const usual = realizedErrorMetrics(rows.errors);
  assert.ok(hasOverlap && Math.abs(domainAuc - 0.5) < 0.03, `AUC ${domainAuc}`);
  for (const name of ["mae", "rmse", "mse"] as const) {
    assert.ok(Math.abs(metrics[name].value / usual[name] - 1) < 0.03, `${name} ${metrics[name].value}`);
    assert.equal(metrics[name].trust, "unproven");
  }
  assert.equal(metrics.rmse.value, Math.sqrt(metrics.mse.value));
  assert.ok(Math.abs(metrics.bias.value - usual.bias) < 0.1, `bias ${metrics.bias.value}`);
});

test("intervals at 95 % cover at least 90 % of what comes true while nothing changes, and are not idly wide", () => {
  let hits = 0;
  let count = 0;
  for (let seed = 100; seed < 125; seed++) {
    const window = sample(seed, 800);
    const truth = realizedErrorMetrics(window.errors);
    for (const name of errorMetricNames) {
      const { lower, upper } = estimateErrors(reference, window, []).metrics[name];
      count += 1;
      if (lower <= truth[name] && truth[name] <= upper) hits += 1;
      if (name === "mae") assert.ok(upper - lower < 0.25 * truth.mae, `${lower} to ${upper}`);
    }
  }
  assert.ok(hits >= 0.9 * count, `${hits} of ${count}`);
});

test("a shift to rows that err more is seen without an outcome, by both experts", () => {
  const window = sample(3, 3_000, { wild: 0.8 });
  const truth = realizedErrorMetrics(window.errors);
  const usual = realizedErrorMetrics(rows.errors);
  const { metrics } = estimateErrors(reference, window, []);
  assert.ok(truth.mae > 1.5 * usual.mae);
  for (const value of [metrics.mae.value, ...Object.values(metrics.mae.experts)]) {
    assert.ok(Math.abs(value / truth.mae - 1) < 0.05, `${value} for ${truth.mae}`);
  }
});

test("rows like hardly any of the reference's leave the weights out and say so", () => {
  const far = sample(4, 1_000);
  const codes = far.codes.map(() => Uint8Array.of(8, 2));
  const { metrics, hasOverlap } = estimateErrors(reference, { ...far, codes }, []);
  assert.equal(hasOverlap, false);
  assert.equal(metrics.mae.experts.doubly_robust, metrics.mae.experts.outcome_model);
});

test("matured windows that the estimate missed widen its interval and take its trust, and leave its value", () => {
  const history: MaturedErrors[] = [];
  for (let week = 0; week < 8; week++) {
    const window = sample(10 + week, 1_000, { bias: 6 });
    const estimate = estimateErrors(reference, window, history).metrics;
    history.push({ truth: realizedErrorMetrics(window.errors), estimate });
  }
  const window = sample(40, 1_000, { bias: 6 });
  const alone = estimateErrors(reference, window, []).metrics.bias;
  const learnt = estimateErrors(reference, window, history).metrics.bias;
  assert.equal(learnt.value, alone.value);
  assert.ok(learnt.upper - learnt.lower > 3 * (alone.upper - alone.lower));
  const truth = realizedErrorMetrics(window.errors).bias;
  assert.ok(learnt.lower <= truth && truth <= learnt.upper, `${truth} outside ${learnt.lower} to ${learnt.upper}`);
  const never = history.map((past) => ({
    ...past,
    estimate: { ...past.estimate, bias: { ...past.estimate.bias, lower: 90, upper: 91 } },
  }));
  assert.equal(estimateErrors(reference, window, never).metrics.bias.trust, "untrusted");
});

test("one wild error of the reference neither steers the trees nor is forgotten", () => {
  const errors = Float64Array.from(rows.errors);
  errors[17] = 5_000;
  const wild = fitErrors(features, rows, errors);
  const steered = createErrorReference(features, wild, { ...rows, residuals: wild.residuals });
  const window = sample(5, 2_000);
  const [usual, found] = [reference, steered].map((each) => estimateErrors(each, window, []).metrics.mae);
  const added = 5_000 / 6_000;
  for (const value of Object.values(found!.experts)) {
    assert.ok(Math.abs(value - usual!.experts.outcome_model - added) < added, `${value}`);
  }
  assert.ok(found!.upper - found!.lower > usual!.upper - usual!.lower, "the interval knows of it");
});

test("the same rows give the same bits", () => {
  const window = sample(6, 1_000);
  assert.deepEqual(estimateErrors(reference, window, []), estimateErrors(reference, window, []));
  const again = fitErrors(features, rows, rows.errors);
  byErrorTarget((target) => assert.deepEqual(again.models[target], fitted.models[target]));
});
