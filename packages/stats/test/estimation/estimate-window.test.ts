import assert from "node:assert/strict";
import { test } from "node:test";
import {
  countReferenceCells,
  estimateWindow,
  fitEstimationReference,
  type LabelledEstimationRows,
  type MaturedWindow,
  readOutcomes,
} from "@tidemark/stats";

/** A model that knows one of two features; the other moves the outcome within its scores. `flip`: a share of outcomes turned over. */
function sample(seed: number, count: number, { shareOfB = 0.5, flip = 0 } = {}): LabelledEstimationRows {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const codes: number[][] = [];
  const scores = new Float64Array(count);
  const outcomes = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const known = Math.floor(random() * 4);
    const hidden = random() < shareOfB ? 1 : 0;
    const probability = 0.15 + 0.2 * known + (hidden ? 0.1 : -0.1);
    codes.push([known, hidden]);
    scores[i] = 0.15 + 0.2 * known + (random() - 0.5) / 100;
    const outcome = random() < probability ? 1 : 0;
    outcomes[i] = random() < flip ? 1 - outcome : outcome;
  }
  return { codes, sizes: [4, 2], scores, predicted: Uint8Array.from(scores, (s) => (s >= 0.5 ? 1 : 0)), outcomes };
}

const rows = sample(1, 8_000);
const reference = fitEstimationReference(countReferenceCells(rows), rows);

test("without history the estimate is the mean of the three label-free ones, and unproven", () => {
  const { metrics, hasOverlap } = estimateWindow(reference, sample(2, 4_000), []);
  assert.equal(hasOverlap, true);
  for (const [metric, { value, trust, experts }] of Object.entries(metrics)) {
    const mean = (experts.calibrated + experts.weighted + experts.outcome_model) / 3;
    assert.ok(Math.abs(value - mean) < 1e-12, metric);
    assert.equal(trust, "unproven");
  }
});

test("intervals at 95 % cover at least 90 % of what comes true while nothing changes", () => {
  let hits = 0;
  let count = 0;
  for (let seed = 100; seed < 125; seed++) {
    const window = sample(seed, 1_000);
    const { truth } = readOutcomes(reference, window);
    for (const [metric, { lower, upper }] of Object.entries(estimateWindow(reference, window, []).metrics)) {
      const real = truth[metric as keyof typeof truth];
      count += 1;
      if (lower <= real && real <= upper) hits += 1;
    }
  }
  assert.ok(hits >= 0.9 * count, `${hits} of ${count}`);
});

test("a shift of a feature that the scores do not show is seen by the weighted and the outcome-model estimate", () => {
  const window = sample(3, 4_000, { shareOfB: 0.95 });
  const { metrics, domainAuc } = estimateWindow(reference, window, []);
  const { truth } = readOutcomes(reference, window);
  assert.ok(domainAuc > 0.6, `AUC ${domainAuc}`);
  const error = (estimate: number) => Math.abs(estimate - truth.precision);
  const { calibrated, weighted, outcome_model: model } = metrics.precision.experts;
  assert.ok(error(weighted) < error(calibrated) / 2, `${weighted} against ${calibrated}, truth ${truth.precision}`);
  assert.ok(error(model) < error(calibrated) / 2, `${model} against ${calibrated}, truth ${truth.precision}`);
});

test("an unlucky sample of the reference misleads neither the weights nor the outcome model: all rows have the say", () => {
  const unlucky = sample(7, 2_000, { flip: 0.1 });
  const { metrics } = estimateWindow(fitEstimationReference(countReferenceCells(rows), unlucky), sample(8, 4_000), []);
  const { calibrated, weighted, outcome_model: model } = metrics.accuracy.experts;
  const inSample = estimateWindow(fitEstimationReference(countReferenceCells(unlucky), unlucky), sample(8, 4_000), []);
  assert.ok(calibrated - inSample.metrics.accuracy.value > 0.03, "the sample says something else");
  assert.ok(Math.abs(weighted - calibrated) < 0.01, `${weighted} against ${calibrated}`);
  assert.ok(Math.abs(model - calibrated) < 0.01, `${model} against ${calibrated}`);
});

test("matured windows that show another relation of outcome to features move the estimate, widen it and take its trust", () => {
  const history: MaturedWindow[] = [];
  for (let week = 0; week < 10; week++) {
    const window = sample(10 + week, 2_000, { flip: 0.3 });
    const { metrics } = estimateWindow(reference, window, history);
    history.push({ ...readOutcomes(reference, window), estimate: metrics });
  }
  const window = sample(40, 2_000, { flip: 0.3 });
  const { truth } = readOutcomes(reference, window);
  const alone = estimateWindow(reference, window, []).metrics.accuracy;
  const learnt = estimateWindow(reference, window, history).metrics.accuracy;
  assert.ok(Math.abs(alone.value - truth.accuracy) > 0.08, `${alone.value} without labels, truth ${truth.accuracy}`);
  assert.ok(Math.abs(learnt.value - truth.accuracy) < 0.02, `${learnt.value} with labels, truth ${truth.accuracy}`);
  assert.equal(estimateWindow(reference, window, missed(history)).metrics.accuracy.trust, "untrusted");
  assert.ok(learnt.upper - learnt.lower > alone.upper - alone.lower);
});

/** The same record with intervals that never held the truth. */
function missed(history: readonly MaturedWindow[]): MaturedWindow[] {
  return history.map((past) => ({
    ...past,
    estimate: {
      ...past.estimate,
      accuracy: { ...past.estimate.accuracy, lower: past.truth.accuracy + 0.01, upper: past.truth.accuracy + 0.02 },
    },
  }));
}

test("a window of one predicted class has no precision, and says so with NaN, not with a number", () => {
  const window = sample(5, 500);
  const { metrics } = estimateWindow(reference, { ...window, predicted: new Uint8Array(500) }, []);
  assert.ok(Number.isNaN(metrics.precision.value));
  assert.ok(Number.isFinite(metrics.roc_auc.value));
});

test("the same rows give the same bits", () => {
  const window = sample(6, 1_000);
  assert.deepEqual(estimateWindow(reference, window, []), estimateWindow(reference, window, []));
});

test("a record that was stored before a metric was estimated counts for the metrics that it has", () => {
  const window = sample(7, 1_000);
  const { kappa: _kappa, ...stored } = estimateWindow(reference, window, []).metrics;
  const { kappa: _truth, ...truth } = readOutcomes(reference, window).truth;
  const past = { ...readOutcomes(reference, window), truth, estimate: stored } as unknown as MaturedWindow;
  const { metrics } = estimateWindow(reference, sample(8, 1_000), [past]);
  assert.equal(metrics.accuracy.backTested, 1);
  assert.equal(metrics.kappa.backTested, 0);
  assert.ok(Number.isFinite(metrics.kappa.value) && metrics.kappa.lower < metrics.kappa.upper);
});
