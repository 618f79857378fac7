import assert from "node:assert/strict";
import { test } from "node:test";
import * as stats from "@tidemark/stats";

/** Samples that are no ordinary samples, by what is wrong with them. */
const SAMPLES: Readonly<Record<string, readonly number[]>> = {
  empty: [],
  "one value": [3],
  "all equal": [2, 2, 2, 2, 2, 2],
  NaN: [1, Number.NaN, 2, 3, 4, 5],
  infinite: [1, Number.POSITIVE_INFINITY, 2, 3, 4, 5],
  "minus infinity": [1, Number.NEGATIVE_INFINITY, 2, 3, 4, 5],
  "1e308": [1e308, -1e308, 1e308, 5e307, -1e308, 1e308],
  subnormal: [5e-324, 0, 5e-324, 1e-310, 0, 5e-324],
};
const FINE = [1, 2, 4, 3, 7, 5];

/** Functions of two raw samples. */
const ofTwo: Readonly<Record<string, (x: readonly number[], y: readonly number[]) => unknown>> = {
  ksTest: (x, y) => stats.ksTest(x, y),
  ksTestAsymptotic: (x, y) => stats.ksTest(x, y, { method: "asymptotic" }),
  cramerVonMisesTest: (x, y) => stats.cramerVonMisesTest(x, y),
  andersonDarlingTest: (x, y) => stats.andersonDarlingTest([x, y]),
  mannWhitneyTest: (x, y) => stats.mannWhitneyTest(x, y),
  tTest: (x, y) => stats.tTest(x, y),
  eppsSingletonTest: (x, y) => stats.eppsSingletonTest(x, y),
  wassersteinDistance: (x, y) => stats.wassersteinDistance({ values: x }, { values: y }),
  energyDistance: (x, y) => stats.energyDistance({ values: x }, { values: y }),
  quantilePsi: (x, y) => stats.quantilePsi(x, y),
  ksOnEqualBins: (x, y) => stats.ksOnEqualBins(x, y, 50),
  wassersteinOnEqualBins: (x, y) => stats.wassersteinOnEqualBins(x, y, 50),
};

/** Functions of one raw sample. */
const ofOne: Readonly<Record<string, (values: readonly number[]) => unknown>> = {
  describeSample: stats.describeSample,
  equalWidthEdges: (values) => stats.equalWidthEdges(values, "auto"),
  individualsChart: (values) => stats.individualsChart(values),
  xBarRChart: (values) => stats.xBarRChart([values, values]),
  cChart: (values) => stats.cChart(values.map(Math.abs)),
  ewmaChart: (values) => stats.ewmaChart(values, { mean: 0, sigma: 1, weight: 0.2 }),
  cusumChart: (values) => stats.cusumChart(values, { mean: 0, slack: 0.5, decision: 5 }),
  describeChange: (values) => stats.describeChange(values, { center: 0, sigma: 1 }),
  runRules: (values) => stats.runRules(values),
  meanUpperBound: (values) => stats.meanUpperBound(values, { alpha: 0.05 }),
  adjustPValues: (values) => stats.adjustPValues(values, "holm"),
  eBenjaminiHochberg: (values) => stats.eBenjaminiHochberg(values, 0.05),
  meanLogEvidence: (values) => stats.meanLogEvidence(values),
  regressionScores: (values) => stats.regressionScores(values.map((actual) => ({ actual, predicted: 1, weight: 1 }))),
  rocAuc: (values) =>
    stats.rocAuc(values.map((score, i) => ({ score, positive: i % 2 === 0, weight: 1, squaredWeight: 1 }))).value,
  averagePrecision: (values) =>
    stats.averagePrecision(values.map((score, i) => ({ score, positive: i % 2 === 0, weight: 1, squaredWeight: 1 }))),
  binaryScores: (values) =>
    stats.binaryScores(values.map((score, i) => ({ score, predicted: true, positive: i % 2 === 0, weight: 1 }))),
  ndcg: (values) => stats.normalizedDiscountedCumulativeGain({ relevance: values.map(Math.abs), scores: values }),
  empiricalBernstein: (values) => {
    const sequence = new stats.EmpiricalBernsteinSequence({ range: [0, 10] });
    return values.map((value) => sequence.update(value));
  },
  cusum: (values) => follow(new stats.Cusum(), values),
  adwin: (values) => follow(new stats.Adwin({ clock: 1, gracePeriod: 1 }), values),
  pageHinkley: (values) => follow(new stats.PageHinkley(), values),
  geometricMovingAverage: (values) => follow(new stats.GeometricMovingAverage(), values),
  kswin: (values) => follow(new stats.Kswin(), values),
};

function follow(detector: stats.ChangeDetector, values: readonly number[]): unknown {
  return values.map((value) => detector.update(value));
}

/** Functions of counts on common bins. */
const ofCounts: Readonly<Record<string, (window: readonly number[], reference: readonly number[]) => unknown>> = {
  psiFromCounts: stats.psiFromCounts,
  jsDistanceFromCounts: stats.jsDistanceFromCounts,
  totalVariationFromCounts: stats.totalVariationFromCounts,
  chiSquareFromCounts: stats.chiSquareFromCounts,
  stabilityTest: (window, reference) => stats.stabilityTest(window, reference, { draws: 50 }),
  ksFromBins: (window, reference) => stats.ksFromBins({ boundaries: [0, 1], window, reference }),
  wassersteinFromBins: (window, reference) =>
    stats.wassersteinFromBins({ boundaries: [0, 1], window, reference, min: -1, max: 2 }),
  jensenShannonDistance: (p, q) => stats.jensenShannonDistance(p, q),
  hellingerDistance: stats.hellingerDistance,
  kullbackLeiblerDivergence: (p, q) => stats.kullbackLeiblerDivergence(p, q),
  lInfinityDistance: stats.lInfinityDistance,
  psiWithFloor: (p, q) => stats.psiWithFloor(p, q),
  contingencyTest: (x, y) => stats.contingencyTest([x, y]),
  goodnessOfFitTest: (x, y) => stats.goodnessOfFitTest(x, y),
  judgeWindow: (counts, reference) =>
    stats.judgeWindow([{ reference: stats.createDetectionReference(reference, "categorical"), counts }], {
      variance: [1, 1],
    }),
};
const COUNTS: Readonly<Record<string, readonly number[]>> = {
  empty: [],
  "no rows": [0, 0, 0],
  "other bins": [1, 2],
  NaN: [1, Number.NaN, 2],
  infinite: [1, Number.POSITIVE_INFINITY, 2],
  negative: [1, -1, 2],
  "1e308": [1e308, 1e308, 1e308],
  "a category never seen before": [0, 0, 7],
  weights: [0.5, 1.5, 2.25],
};

/** Where a value is NaN, or null. */
function findNaN(value: unknown, at = "result"): string | null {
  if (typeof value === "number") return Number.isNaN(value) ? at : null;
  if (value === null || typeof value !== "object") return null;
  for (const [key, member] of Object.entries(value)) {
    const found = findNaN(member, `${at}.${key}`);
    if (found !== null) return found;
  }
  return null;
}

/** Either a result without NaN, or a RangeError whose message names an argument and what it is. */
function assertTold(run: () => unknown, what: string): void {
  let result: unknown;
  try {
    result = run();
  } catch (error) {
    assert.ok(error instanceof RangeError, `${what} threw ${error}`);
    assert.match(error.message, /^(column \d+ of )?[\w.[\]]+ (is|has|have|holds?|sums?|range|and|ask|of)\b/, what);
    return;
  }
  assert.equal(findNaN(result), null, `${what} gave NaN`);
}

for (const [name, run] of Object.entries(ofTwo)) {
  test(`${name} refuses by name or answers without NaN, whatever the samples`, () => {
    for (const [kind, sample] of Object.entries(SAMPLES)) {
      assertTold(() => run(sample, FINE), `${name}(${kind}, fine)`);
      assertTold(() => run(FINE, sample), `${name}(fine, ${kind})`);
      assertTold(() => run(sample, sample), `${name}(${kind}, ${kind})`);
    }
  });
}

for (const [name, run] of Object.entries(ofOne)) {
  test(`${name} refuses by name or answers without NaN, whatever the values`, () => {
    for (const [kind, sample] of Object.entries(SAMPLES)) assertTold(() => run(sample), `${name}(${kind})`);
  });
}

for (const [name, run] of Object.entries(ofCounts)) {
  test(`${name} refuses by name or answers without NaN, whatever the counts`, () => {
    for (const [kind, counts] of Object.entries(COUNTS)) {
      assertTold(() => run(counts, [300, 200, 100]), `${name}(${kind}, fine)`);
      assertTold(() => run([30, 20, 10], counts), `${name}(fine, ${kind})`);
      assertTold(() => run(counts, counts), `${name}(${kind}, ${kind})`);
    }
  });
}

test("weights that are negative, all 0 or no number are refused by name", () => {
  const weighted = (weights: number[]) => ({ values: [1, 2, 3], weights });
  const row = { score: 0.5, predicted: true, positive: true };
  for (const weight of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    const distances = [stats.wassersteinDistance, stats.energyDistance];
    for (const distance of distances) {
      assert.throws(() => distance(weighted([1, weight, 1]), { values: [1] }), /x\.weights\[1\] is/);
    }
    assert.throws(() => stats.binaryScores([{ ...row, weight }]), /groups\[0\]\.weight is/);
    assert.throws(() => stats.regressionScores([{ actual: 1, predicted: 1, weight }]), /groups\[0\]\.weight is/);
    assert.throws(() => stats.confusionMatrix([{ actual: 0, predicted: 0, weight }], 2), /groups\[0\]\.weight is/);
  }
  assert.throws(() => stats.wassersteinDistance(weighted([0, 0, 0]), { values: [1] }), /x\.weights sum to 0/);
  assert.equal(stats.binaryScores([{ ...row, weight: 0 }]).accuracy.value, null);
});
