import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  asymptoticSequence,
  binaryScores,
  calibrateCells,
  calibrationError,
  cellMetrics,
  cellMetricVariances,
  cellPriors,
  codeCount,
  combineExperts,
  comparisonVerdict,
  domainWeights,
  EmpiricalBernsteinSequence,
  encodeFeature,
  estimateInterval,
  estimateState,
  estimateTrust,
  type FaultKind,
  findDataFaults,
  findWeakSegments,
  firstCause,
  fitBoostedTrees,
  harmState,
  ksTest,
  labelSums,
  learnFeatureCodes,
  meanUpperBound,
  nextMultiplier,
  poolAdjacentViolators,
  predictBoostedTrees,
  ridgeLeastSquares,
  ridgeLogistic,
  rocAuc,
  type ScoreCells,
  scoreCells,
  scoreEdges,
  splitByFeature,
  splitPerformance,
} from "@tidemark/stats";

// biome-ignore lint/suspicious/noExplicitAny: the vectors' inputs differ by function
type Input = any;
interface Case {
  id: string;
  fn: string;
  input: Input;
  expected: unknown;
  tol: number;
}

const { cases } = JSON.parse(readFileSync(new URL("./fixtures/estimation-vectors.json", import.meta.url), "utf8")) as {
  cases: Case[];
};

const readCells = ({ cells, edges }: Input): ScoreCells => ({
  n: cells.n,
  score: cells.S1,
  squaredScore: cells.S2,
  positiveLoss: cells.L1,
  negativeLoss: cells.L0,
  edges,
});

function stratumSums(strata: number[], loss: number[], count: number) {
  const sums = { n: new Float64Array(count), sum: new Float64Array(count), sumOfSquares: new Float64Array(count) };
  strata.forEach((g, i) => {
    sums.n[g]! += 1;
    sums.sum[g]! += loss[i]!;
    sums.sumOfSquares[g]! += loss[i]! ** 2;
  });
  return sums;
}

/** The product's functions under the names of the specification's reference. */
const reproduce: Record<string, (input: Input, expected: Input) => unknown> = {
  pava: ({ v, w }) => {
    const { fit, block } = poolAdjacentViolators(v, w);
    return { fit, block };
  },
  encoder: ({ ref, rows, nb, ncat }) => {
    const features = Object.keys(ref).map((name) => learnFeatureCodes(ref[name], nb, ncat));
    const columns = Object.keys(ref).map((name, j) => encodeFeature(features[j]!, rows[name]));
    const numeric = features.find(({ kind }) => kind === "numeric");
    return { codes: columns[0]!.map((_, i) => columns.map((c) => c[i])), sizes: features.map(codeCount), ...numeric };
  },
  domain_weights: ({ ref, cur, sizes, lam, clip }) => {
    const found = domainWeights({ codes: ref, sizes }, { codes: cur, sizes }, lam, clip);
    return { weights: found.weights, ess_share: found.effectiveShare, auc: found.auc };
  },
  hist_boost: ({ codes, y, trees, depth, lr, min_leaf, lam, rows }) => {
    const model = fitBoostedTrees(codes, y, { trees, depth, learningRate: lr, minLeaf: min_leaf, penalty: lam });
    const { feature, threshold, leaf } = model.trees[0]!;
    const first = { feat: feature, thr: threshold, leaf };
    return { base: model.base, pred: predictBoostedTrees(model, rows), first_tree: first };
  },
  quality_faults: ({ ref, cur }) => {
    const clean = cases.find(({ id }) => id === "quality_faults_0")!.input.ref;
    return findDataFaults(typeof ref === "string" ? clean : ref, cur).map(({ kind, features, factor, severity }) => [
      kind,
      factor === undefined ? features : [...features, factor],
      severity,
    ]);
  },
  calibrate: ({ s, pred, y, K }) => {
    const rows = { scores: s, predicted: pred, outcomes: y };
    const edges = scoreEdges(s, K);
    const cells = scoreCells(rows, edges);
    const labels = labelSums(rows, edges);
    const { share, block, blockVariance } = calibrateCells(labels, cellPriors(cells));
    return {
      edges,
      cells: {
        n: cells.n,
        S1: cells.score,
        S2: cells.squaredScore,
        L1: cells.positiveLoss,
        L0: cells.negativeLoss,
        W: labels.weight,
        W2: labels.squaredWeight,
        Y: labels.positive,
      },
      p: share,
      block,
      block_var: blockVariance,
    };
  },
  cell_metrics: (input) => cellMetrics(readCells(input), input.p),
  delta_se: (input) => {
    const variances = cellMetricVariances(readCells(input), input.p, {
      block: input.block,
      blockVariance: Float64Array.from(input.block_var),
    });
    return Object.fromEntries(
      Object.entries(variances).map(([metric, { sampling, calibration }]) => [metric, [sampling, calibration]]),
    );
  },
  ridge_logit: (input) => ridgeLogistic(input, input.y, { penalty: input.lam }),
  ridge_ls: (input) => ridgeLeastSquares(input, input.y, { penalty: input.lam }),
  combine: ({ est, errors, variances, prior, lam }) => combineExperts(est, { errors, variances }, prior, lam),
  interval: (input) => {
    const { lower, upper, standardError } = estimateInterval({
      estimate: input.est,
      samplingVariance: input.samp,
      calibrationVariance: input.cal,
      experts: input.three,
      errors: input.errors,
      variances: input.variances,
      multiplier: input.M,
    });
    return { lo: lower, hi: upper, se: standardError };
  },
  multiplier: ({ start, hits }) => {
    let multiplier = start;
    return hits.map((hit: boolean) => (multiplier = nextMultiplier(multiplier, hit)));
  },
  trust: ({ hits }) => estimateTrust(hits),
  estimate_state: (input) =>
    estimateState({
      estimate: input.est,
      lower: input.lo,
      upper: input.hi,
      baseline: input.base,
      warningTolerance: input.tol_warn,
      criticalTolerance: input.tol_crit,
      trust: input.trust,
      rowCount: input.n,
      expectedPositives: input.pos,
      expectedNegatives: input.neg,
      higherIsBetter: input.higher_is_better ?? true,
    }),
  kob: ({ g_r, l_r, g_c, l_c, G, n_min }) => {
    const split = splitPerformance(stratumSums(g_r, l_r, G), stratumSums(g_c, l_c, G), n_min);
    return {
      total: split.total,
      se_total: split.totalError,
      mix: split.mix,
      within: split.within,
      new: split.new,
      gone: split.gone,
      se_mix: split.mixError,
      se_within: split.withinError,
      support_r: split.referenceSupport,
      support_c: split.currentSupport,
      seg_mix: split.stratumMix,
      seg_within: split.stratumWithin,
    };
  },
  oaxaca: ({ codes_r, l_r, codes_c, l_c, sizes, lam }) =>
    splitByFeature({ codes: codes_r, sizes, loss: l_r }, { codes: codes_c, sizes, loss: l_c }, lam),
  weak_segments: (input) => {
    const { segments, testedCount } = findWeakSegments(input, { minRows: input.n_min });
    const kept = segments.map((s) => ({
      sel: s.features,
      code: s.codes.reduce((key, code, i) => (i === 0 ? code : key * input.sizes[s.features[i]!] + code), 0),
      n: s.n,
      mean: s.mean,
      ref: s.comparedMean,
      gap: s.gap,
      se: s.gapError,
      p: s.pValue,
      p_holm: s.adjustedPValue,
      score: s.score,
    }));
    return { tested: testedCount, kept };
  },
  first_cause: ({ n_cur, n_expected, faults, split, dom_auc, dom_n, tol }) =>
    firstCause({
      rowCount: n_cur,
      expectedCount: n_expected,
      faults: faults.map((fault: [FaultKind]) => fault[0]),
      ...(split && {
        split: { within: split.within, withinError: split.se_within, mix: split.mix, mixError: split.se_mix },
      }),
      domainAuc: dom_auc,
      domainCount: dom_n,
      tolerance: tol,
    }),
  eb_seq: ({ lo, hi, alpha, x }) => {
    const sequence = new EmpiricalBernsteinSequence({ range: [lo, hi], alpha });
    return x.map((value: number) => Object.values(sequence.update(value)));
  },
  asymp_cs: ({ n, s1, s2, alpha, t_opt }) =>
    Object.values(asymptoticSequence({ count: n, sum: s1, sumOfSquares: s2 }, { alpha, tunedCount: t_opt })),
  verdict: ({ l, u, n, delta, n_min }) =>
    comparisonVerdict({ lower: l, upper: u }, n, { equivalenceMargin: delta, minCount: n_min }),
  harm_state: ({ l_target, u_ref, tol, n, n_min }) =>
    harmState({ riskLower: l_target, referenceUpper: u_ref, tolerance: tol, count: n, minCount: n_min }),
  eb_upper: ({ x, alpha, rng }) => meanUpperBound(x, { alpha, rangeWidth: rng }),
  auc: ({ score, y }) =>
    rocAuc(score.map((s: number, i: number) => ({ score: s, positive: y[i] === 1, weight: 1, squaredWeight: 1 })))
      .value,
  ks2: ({ a, b }) => ksTest(a, b).statistic,
  realised: ({ s, pred, y }) => {
    const rows = s.map((score: number, i: number) => ({
      score,
      predicted: pred[i] === 1,
      positive: y[i] === 1,
      weight: 1,
    }));
    const scores = binaryScores(rows);
    return {
      accuracy: scores.accuracy.value,
      precision: scores.precision.value,
      recall: scores.recall.value,
      f1: scores.f1.value,
      roc_auc: scores.rocAuc.value,
      log_loss: scores.logLoss.value,
      brier: scores.brier.value,
      ece: calibrationError(
        s,
        y.map((outcome: number) => outcome === 1),
      ).expected,
    };
  },
};

function assertClose(actual: Input, expected: Input, tolerance: number, where: string): void {
  if (typeof expected === "number") {
    assert.ok(
      Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
      `${where}: ${actual}, not ${expected}`,
    );
  } else if (Array.isArray(expected)) {
    assert.equal(actual.length, expected.length, where);
    for (const [i, value] of expected.entries()) assertClose(actual[i], value, tolerance, `${where}[${i}]`);
  } else if (expected && typeof expected === "object") {
    for (const [key, value] of Object.entries(expected)) assertClose(actual[key], value, tolerance, `${where}.${key}`);
  } else assert.equal(String(actual), String(expected), where);
}

for (const { id, fn, input, expected, tol } of cases) {
  test(`the specification's vector ${id} is reproduced`, () => {
    assertClose(reproduce[fn]!(input, expected), expected, tol, id);
  });
}
