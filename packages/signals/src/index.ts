export type { FindingsBySignal } from "./cause/cause-context.ts";
export { explainWindow, type SampledRow, type WindowSample } from "./cause/explain-window.ts";
export { findFirstCause } from "./cause/find-first-cause.ts";
export { type UnusualInput, unusualInputs } from "./cause/unusual-inputs.ts";
export {
  type ComparedWindow,
  type ComparisonMark,
  compareWindows,
  type PairedMinute,
  type PairedWindow,
} from "./comparison/compare-windows.ts";
export { comparisonFindings } from "./comparison/comparison-findings.ts";
export { type ControlChart, type ControlPoint, type ControlState, controlChart } from "./control/control-chart.ts";
export {
  type ChartedWindow,
  type ControlSeries,
  type ControlValue,
  controlAttributes,
  controlFindings,
} from "./control/control-findings.ts";
export { DriftStream, type DriftStreamState } from "./drift/drift-stream.ts";
export { type FieldLooks, streamLooks } from "./drift/stream-looks.ts";
export { centroidEvidence } from "./embedding/centroid-evidence.ts";
export { countVectors } from "./embedding/count-vectors.ts";
export { type FittedVectors, fitVectors } from "./embedding/fit-vectors.ts";
export { meanDirection, type PlacedVectors, placeVectors, unitInto } from "./embedding/place-vectors.ts";
export { vectorGeometry } from "./embedding/vector-geometry.ts";
export type { VectorSample } from "./embedding/vector-sample.ts";
export { ensembleFindings } from "./ensemble/ensemble-findings.ts";
export { type EnsembleRow, EnsembleSummer, type EnsembleSums } from "./ensemble/ensemble-sums.ts";
export { type EnsembleTask, ensembleTask } from "./ensemble/ensemble-task.ts";
export { ENSEMBLE_ITSELF } from "./ensemble/member-findings.ts";
export {
  type EnsembleWindow,
  type ReweighedWindow,
  type ReweighMark,
  reweighEnsemble,
} from "./ensemble/reweigh-ensemble.ts";
export type { ClassWindow } from "./estimation/class-estimator.ts";
export { type EstimatedWindow, HISTORY_WINDOWS, maturedBy } from "./estimation/estimated-window.ts";
export { estimationFindings } from "./estimation/estimation-findings.ts";
export {
  type ClassSample,
  type EstimationSample,
  NO_CLASS,
  NO_OUTCOME,
  sampleRows,
  type ValueSample,
} from "./estimation/estimation-sample.ts";
export { type Estimator, estimatorOf } from "./estimation/estimator.ts";
export { type FeatureCodes, featureCodes, fineFeatureCodes } from "./estimation/feature-codes.ts";
export { valuesOf } from "./field-of.ts";
export { judgeAggregate } from "./judge-aggregate.ts";
export { correlationsOf, fisherScore } from "./multivariate/correlations.ts";
export { countMultivariate } from "./multivariate/count-multivariate.ts";
export { type FittedMultivariate, fitMultivariate } from "./multivariate/fit-multivariate.ts";
export { JointStream, jointLooks } from "./multivariate/joint-stream.ts";
export { type BinnedRow, createRowScorer, jointFields, multivariateModel } from "./multivariate/multivariate-model.ts";
export type { ClassProbabilities, ProbableRow } from "./performance/class-probabilities.ts";
export { HarmFamily, type HarmVerdict, type LossWindow } from "./performance/harm-family.ts";
export { harmFinding, unjudgedHarmFinding } from "./performance/harm-finding.ts";
export { type RealizedScores, realizedScores } from "./performance/realized-scores.ts";
export { SCORES, type ScoreDefinition, type ScoreKey } from "./performance/score-table.ts";
export { type ScoredTask, scoredTask } from "./performance/scored-task.ts";
export { type Answer, type KnownOutcome, type TaskLoss, taskLoss } from "./performance/task-loss.ts";
export { longestStretch } from "./quality/expected-repeats.ts";
export {
  CRITICAL_MINUTES,
  isSeldom,
  MINIMUM_SILENCE_WEEKS,
  SILENCE_WEEKS,
  type SilenceLines,
  silenceLines,
} from "./quality/silence-lines.ts";
export { isRest, mayHaveMore, stuckBins } from "./quality/stuck-bins.ts";
export { longestVaried, variedFields } from "./quality/variety-limits.ts";
export { type DriftReference, driftReferences, referenceLags } from "./references/drift-reference.ts";
export { referenceFindings } from "./references/reference-findings.ts";
export { type KeptCounts, type KeptWindow, windowCounts } from "./references/window-counts.ts";
export { signals } from "./signals.ts";
export { type UnknownName, unknownNames } from "./unknown-names.ts";
export type {
  AbsentFeature,
  AttributionSums,
  DistinctCounts,
  DuplicateCounts,
  FieldCounts,
  Finding,
  JudgeContext,
  MultivariateCounts,
  OutcomeFacts,
  OutcomeGroup,
  PatternCounts,
  RepeatedValue,
  SegmentOutcomes,
  ServiceCounts,
  Signal,
  SlotCounts,
  WindowAggregate,
} from "./window-aggregate.ts";
