export { alarmBudgetLooks } from "./detection/alarm-budget.ts";
export {
  type BinKind,
  createDetectionReference,
  type DetectionReference,
  probeValues,
} from "./detection/detection-reference.ts";
export { detectorEdges, mergeByEdges } from "./detection/detector-edges.ts";
export { eBenjaminiHochberg } from "./detection/e-benjamini-hochberg.ts";
export { EDetector, type EDetectorOptions, type EDetectorState, type StreamVerdict } from "./detection/e-detector.ts";
export type { LocationShift } from "./detection/effect.ts";
export { type JudgeOptions, judgeWindow, type WindowPart, type WindowVerdict } from "./detection/judge-window.ts";
export { mergeByMap, rareBinMap } from "./detection/rare-bins.ts";
export {
  createVarianceLadder,
  type VarianceLadder,
  type VarianceLadderOptions,
  type VarianceLadderState,
} from "./detection/variance-ladder.ts";
export { type ChiSquareResult, chiSquareFromCounts } from "./distances-from-counts/chi-square-from-counts.ts";
export type { BinnedSamples } from "./distances-from-counts/cumulative-shares.ts";
export { jsDistanceFromCounts } from "./distances-from-counts/js-distance-from-counts.ts";
export { type KsBounds, ksFromBins } from "./distances-from-counts/ks-from-bins.ts";
export { psiFromCounts } from "./distances-from-counts/psi-from-counts.ts";
export { totalVariationFromCounts } from "./distances-from-counts/total-variation-from-counts.ts";
export {
  type SupportedSamples,
  type WassersteinBounds,
  wassersteinFromBins,
} from "./distances-from-counts/wasserstein-from-bins.ts";
export { wilsonInterval } from "./intervals/wilson-interval.ts";
export { type BinaryScores, binaryScores, type ScoredGroup } from "./scores/binary-scores.ts";
export type { Estimate } from "./scores/estimate.ts";
export { type RegressionGroup, type RegressionScores, regressionScores } from "./scores/regression-scores.ts";
