export { wilsonInterval } from "./intervals/wilson-interval.ts";
export { type BinaryScores, binaryScores, type ScoredGroup } from "./scores/binary-scores.ts";
export type { Estimate } from "./scores/estimate.ts";
export { type RegressionGroup, type RegressionScores, regressionScores } from "./scores/regression-scores.ts";
