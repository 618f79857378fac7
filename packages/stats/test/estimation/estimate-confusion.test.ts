import assert from "node:assert/strict";
import { test } from "node:test";
import {
  confusionCells,
  confusionLayout,
  confusionMetricNames,
  countConfusion,
  createConfusionReference,
  estimateConfusion,
  type MaturedConfusion,
  readConfusion,
  seededUniform,
  windowDomain,
} from "@tidemark/stats";

const CLASSES = 3;

interface Rows {
  readonly codes: readonly Uint8Array[];
  readonly predicted: Uint8Array;
  readonly scores: Float64Array;
  readonly outcomes: Uint8Array;
  readonly right: null;
}

/** The score says how often a prediction is right; of a wrong one of class k, class k + 1 came true three times as often as the other. */
function sample(seed: number, count: number, { low = 0.3, flip = 0 } = {}): Rows {
  const random = seededUniform(seed);
  const codes: Uint8Array[] = [];
  const predicted = new Uint8Array(count);
  const scores = new Float64Array(count);
  const outcomes = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const isHard = random() < low;
    predicted[i] = Math.floor(random() * CLASSES);
    scores[i] = (isHard ? 0.4 : 0.75) + 0.2 * random();
    const isRight = random() < scores[i]! * (1 - flip);
    const other = random() < 0.75 ? 1 : 2;
    outcomes[i] = isRight ? predicted[i]! : (predicted[i]! + other) % CLASSES;
    codes.push(Uint8Array.of(isHard ? 1 : 2, predicted[i]!));
  }
  return { codes, predicted, scores, outcomes, right: null };
}

const SIZES = [3, CLASSES];
const rows = sample(1, 8_000);
const layout = confusionLayout(rows, CLASSES);
const reference = createConfusionReference(
  layout,
  countConfusion(layout, confusionCells(layout, rows), rows.outcomes),
  rows,
);
const domainOf = (window: Rows) =>
  windowDomain({ codes: rows.codes, sizes: SIZES }, { codes: window.codes, sizes: SIZES });
const estimateOf = (window: Rows, history: readonly MaturedConfusion[] = []) =>
  estimateConfusion(reference, window, domainOf(window), history);

test("scores of a known confusion are those of its matrix", () => {
  const few = {
    predicted: [0, 0, 1, 1, 2],
    scores: [0.5, 0.6, 0.7, 0.8, 0.9],
    outcomes: [0, 1, 1, 1, 0],
  };
  const { truth } = readConfusion(reference, few, few.outcomes);
  assert.equal(truth.precision, (1 / 2 + 1 + 0) / 3);
  assert.ok(Math.abs(truth.recall - (1 / 2 + 2 / 3 + 0) / 3) < 1e-15);
  assert.ok(Math.abs(truth.balanced_accuracy - (1 / 2 + 2 / 3) / 2) < 1e-15, "over the classes that came true");
});

test("intervals at 95 % cover at least 90 % of what comes true while nothing changes", () => {
  let hits = 0;
  let count = 0;
  for (let seed = 100; seed < 130; seed++) {
    const window = sample(seed, 1_000);
    const { truth } = readConfusion(reference, window, window.outcomes);
    const { metrics, fewest } = estimateOf(window);
    assert.ok(fewest > 200, `${fewest}`);
    for (const name of confusionMetricNames) {
      const { lower, upper, trust } = metrics[name];
      assert.equal(trust, "unproven");
      assert.ok(upper - lower < 0.2, `${name} ${lower} to ${upper}`);
      count += 1;
      if (lower <= truth[name] && truth[name] <= upper) hits += 1;
    }
  }
  assert.ok(hits >= 0.9 * count, `${hits} of ${count}`);
});

test("more hard rows lower every score as they come true, without an outcome", () => {
  const window = sample(2, 4_000, { low: 0.9 });
  const { truth } = readConfusion(reference, window, window.outcomes);
  const usual = readConfusion(reference, rows, rows.outcomes).truth;
  const { metrics } = estimateOf(window);
  for (const name of confusionMetricNames) {
    assert.ok(truth[name] < usual[name] - 0.1, name);
    assert.ok(Math.abs(metrics[name].value - truth[name]) < 0.03, `${name} ${metrics[name].value} for ${truth[name]}`);
  }
});

test("an outcome model that expects more hits in a cell moves its rows, and none moves nothing", () => {
  const right = (value: number, of: Rows) => new Float64Array(of.scores.length).fill(value);
  const modelled = createConfusionReference(layout, reference.counts, { ...rows, right: right(0.6, rows) });
  const window = sample(3, 2_000);
  const expert = (value: number) =>
    estimateConfusion(modelled, { ...window, right: right(value, window) }, domainOf(window), []).metrics.f1.experts;
  assert.ok(Math.abs(expert(0.6).outcome_model - expert(0.6).calibrated) < 1e-12);
  assert.ok(expert(0.7).outcome_model > expert(0.6).outcome_model + 0.08);
  assert.equal(estimateOf(window).metrics.f1.experts.outcome_model, expert(0.6).calibrated);
});

test("matured windows that show another confusion move the estimate, widen it and take its trust", () => {
  const history: MaturedConfusion[] = [];
  for (let week = 0; week < 10; week++) {
    const window = sample(10 + week, 2_000, { flip: 0.4 });
    const { metrics } = estimateOf(window, history);
    history.push({ ...readConfusion(reference, window, window.outcomes), estimate: metrics });
  }
  const window = sample(40, 2_000, { flip: 0.4 });
  const { truth } = readConfusion(reference, window, window.outcomes);
  const alone = estimateOf(window).metrics.matthews;
  const learnt = estimateOf(window, history).metrics.matthews;
  assert.ok(Math.abs(alone.value - truth.matthews) > 0.2, `${alone.value} without, truth ${truth.matthews}`);
  assert.ok(Math.abs(learnt.value - truth.matthews) < 0.05, `${learnt.value} with, truth ${truth.matthews}`);
  assert.ok(learnt.upper - learnt.lower > alone.upper - alone.lower);
  const missed = history.map((past) => ({
    ...past,
    estimate: { ...past.estimate, matthews: { ...past.estimate.matthews, lower: 0.98, upper: 0.99 } },
  }));
  assert.equal(estimateOf(window, missed).metrics.matthews.trust, "untrusted");
});
