import assert from "node:assert/strict";
import { test } from "node:test";
import * as stats from "@tidemark/stats";
import { findNaN, wrongAnswers } from "../../../test/tools/spoiled-calls.ts";

const rows = [0.1, 0.4, 0.6, 0.9, 0.3, 0.7];
const ranked = rows.map((score, i) => ({ score, positive: i % 2 === 0, weight: 1, squaredWeight: 1 }));
const queries = [
  { relevance: [1, 0, 2], scores: [0.1, 0.9, 0.4], weight: 1 },
  { relevance: [0, 1, 1], scores: [0.5, 0.2, 0.3], weight: 2 },
];
const probabilities = [
  { scores: [0.5, 0.3, 0.2], actual: 0, weight: 1 },
  { scores: [0.2, 0.3, 0.5], actual: 1, weight: 1 },
  { scores: [0.1, 0.1, 0.8], actual: 2, weight: 2 },
];
const regression = [
  { predicted: 1, actual: 2, weight: 1 },
  { predicted: 3, actual: 2.5, weight: 2 },
  { predicted: 2, actual: 4, weight: 1 },
];
const classified = [
  { predicted: 0, actual: 0, weight: 3 },
  { predicted: 1, actual: 0, weight: 1 },
  { predicted: 1, actual: 1, weight: 2 },
];

/** Calls that succeed; every number and every array in their arguments is then spoiled in turn. */
const calls: Readonly<Record<string, readonly unknown[]>> = {
  adjustPValues: [[0.01, 0.2, 0.5], "benjamini-hochberg"],
  alarmBudgetLooks: [10, 720],
  averagePrecision: [ranked],
  betaQuantile: [0.3, 2, 3],
  bhattacharyyaCoefficient: [
    [0.2, 0.8],
    [0.5, 0.5],
  ],
  binaryScores: [ranked.map(({ score, positive }) => ({ score, positive, predicted: score > 0.5, weight: 1 }))],
  cChart: [[3, 4, 5, 2]],
  calibrationError: [ranked, { bins: 5 }],
  chiSquareQuantile: [0.3, 4],
  chiSquareUpperTail: [3, 4],
  comparisonVerdict: [{ lower: -1, upper: 1 }, 100, { equivalenceMargin: 0.1, minCount: 10 }],
  confusionMatrix: [classified, 2],
  controlConstants: [5],
  contingencyTest: [
    [
      [10, 20],
      [30, 40],
    ],
  ],
  cramerVonMisesTest: [rows, rows],
  cramerVonMisesUpperTail: [0.4],
  cusumChart: [rows, { mean: 0.5, slack: 0.1, decision: 4 }],
  cusumRunLength: [{ slack: 0.5, decision: 4 }, 0.5],
  describeChange: [rows, { center: 0.5, sigma: 0.2 }],
  describeSample: [rows],
  detectorEdges: [
    [0, 1, 2, 3],
    [100, 200, 300, 200, 100],
  ],
  discountedCumulativeGain: [queries[0], { k: 2 }],
  eBenjaminiHochberg: [[1, 30, 50], 0.05],
  energyFromBins: [{ boundaries: [0, 1], window: [3, 5, 2], reference: [20, 50, 20], min: -1, max: 2 }],
  energyDistance: [{ values: rows, weights: [1, 1, 1, 1, 1, 2] }, { values: [1, 2, 3] }],
  eppsSingletonTest: [rows, [0.2, 0.5, 0.9, 0.8, 0.1, 0.35]],
  ewmaChart: [rows, { mean: 0.5, sigma: 0.2, weight: 0.2 }],
  ewmaRunLength: [{ weight: 0.2, width: 3 }, 0.5],
  exactQuantile: [rows, 0.3],
  fisherExactTest: [
    [
      [3, 1],
      [2, 4],
    ],
  ],
  goodnessOfFitTest: [
    [10, 20, 30],
    [20, 20, 20],
  ],
  hellingerDistance: [
    [0.2, 0.8],
    [0.5, 0.5],
  ],
  histogramCounts: [rows, [0, 0.5, 1]],
  individualsChart: [rows],
  jensenShannonDistance: [
    [0.2, 0.8],
    [0.5, 0.5],
  ],
  kolmogorovUpperTail: [1.2],
  ksFromBins: [{ boundaries: [0, 1], window: [3, 5, 2], reference: [20, 50, 20] }],
  ksOneSampleUpperTail: [0.2, 10],
  ksTest: [rows, [1, 2, 3]],
  kullbackLeiblerDivergence: [
    [0.2, 0.8],
    [0.5, 0.5],
  ],
  lInfinityDistance: [
    [0.2, 0.8],
    [0.5, 0.5],
  ],
  labelRankingAveragePrecision: [queries[0]],
  logLossOf: [0.4],
  mannWhitneyTest: [rows, [1, 2, 3]],
  meanEstimate: [{ values: rows, weights: [1, 1, 1, 1, 1, 1], squaredWeights: [1, 1, 1, 1, 1, 1] }],
  meanLogEvidence: [[0.1, 2, 5]],
  meanUpperBound: [rows, { alpha: 0.05 }],
  mergeByMap: [
    [1, 2, 3],
    [0, 1, 1],
  ],
  multiclassBrier: [probabilities],
  multiclassLogLoss: [probabilities],
  normalQuantile: [0.3],
  normalUpperTail: [1.2],
  normalizedDiscountedCumulativeGain: [queries[0], { k: 2 }],
  npChart: [[3, 4, 5], 50],
  pChart: [
    [3, 4, 5],
    [50, 60, 50],
  ],
  partialRocAuc: [ranked, 0.4],
  pinballLoss: [regression, 0.3],
  precisionRecallCurve: [ranked],
  proportionsTest: [
    { count: 3, n: 10 },
    { count: 5, n: 12 },
  ],
  psiFromCounts: [
    [10, 20, 30],
    [20, 20, 20],
  ],
  psiWithFloor: [
    [0.2, 0.8],
    [0.5, 0.5],
  ],
  quantilePsi: [rows, [0.2, 0.5, 0.9, 0.8, 0.1, 0.35]],
  rankingEstimates: [queries, { k: 2 }],
  rareBinMap: [[100, 3, 200], "numeric"],
  regressionScores: [regression],
  rocAuc: [ranked],
  rocCurve: [ranked],
  shareEstimate: [30, 100, 100],
  shareInterval: [30, 100, "jeffreys", 0.05],
  stabilityTest: [[10, 20, 30], [200, 200, 200], { draws: 50 }],
  studentQuantile: [0.3, 5],
  studentUpperTail: [1.2, 5],
  tTest: [rows, [1, 2, 3]],
  topKAccuracy: [probabilities, 2],
  totalVariationFromCounts: [
    [10, 20, 30],
    [20, 20, 20],
  ],
  uChart: [
    [3, 4, 5],
    [50, 60, 50],
  ],
  wassersteinDistance: [{ values: rows, weights: [1, 1, 1, 1, 1, 2] }, { values: [1, 2, 3] }],
  wassersteinFromBins: [{ boundaries: [0, 1], window: [3, 5, 2], reference: [20, 50, 20], min: -1, max: 2 }],
  wilsonInterval: [30, 100],
  xBarRChart: [
    [
      [1, 2, 3],
      [2, 3, 4],
    ],
  ],
  xBarSChart: [
    [
      [1, 2, 3],
      [2, 3, 4],
    ],
  ],
};

for (const [name, good] of Object.entries(calls)) {
  test(`${name} answers without NaN or refuses by name, whichever number or array is spoiled`, () => {
    const run = (stats as unknown as Record<string, (...args: unknown[]) => unknown>)[name]!;
    assert.equal(findNaN(run(...good)), null, "the call that is spoiled succeeds");
    assert.deepEqual(wrongAnswers(run, good), []);
  });
}
