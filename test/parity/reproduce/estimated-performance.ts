import {
  binaryScores,
  calibrateCells,
  calibrationError,
  cellMetrics,
  cellMetricVariances,
  cellPriors,
  codeCount,
  combineExperts,
  domainWeights,
  encodeFeature,
  estimateInterval,
  estimateState,
  estimateTrust,
  fitBoostedTrees,
  labelSums,
  learnFeatureCodes,
  nextMultiplier,
  poolAdjacentViolators,
  predictBoostedTrees,
  ridgeLeastSquares,
  ridgeLogistic,
  type ScoreCells,
  scoreCells,
  scoreEdges,
} from "@tidemark/stats";
import { type SpecifiedInput as Input, type ReproductionGroup, specified } from "./reproduction.ts";

const readCells = ({ cells, edges }: Input): ScoreCells => ({
  n: cells.n,
  score: cells.S1,
  squaredScore: cells.S2,
  positiveLoss: cells.L1,
  negativeLoss: cells.L0,
  edges,
});

/** Estimated performance: the functions here under the names of the specification (ESTIMATION.md). */
export const estimatedPerformance: ReproductionGroup = specified({
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
        s.map((score: number, row: number) => ({ score, positive: y[row] === 1, weight: 1, squaredWeight: 1 })),
      ).expected.value,
    };
  },
});
