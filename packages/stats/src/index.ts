export { ChangeBaseline, type ChangeExplanation, type Movement, type ObservedRows } from "./causes/change-baseline.ts";
export { type DataFault, findDataFaults } from "./causes/data-faults.ts";
export { type FeatureSplit, splitByFeature } from "./causes/feature-split.ts";
export { type CauseEvidence, type FaultKind, type FirstCause, firstCause } from "./causes/first-cause.ts";
export type { FeatureTable } from "./causes/joint-faults.ts";
export type { LossParts, NamedSegment } from "./causes/loss-parts.ts";
export { type LossRows, splitLoss } from "./causes/loss-split.ts";
export { type PerformanceSplit, type StratumSums, splitPerformance } from "./causes/performance-split.ts";
export { findWeakSegments, type WeakSegment, type WeakSegmentOptions } from "./causes/weak-segments.ts";
export { cChart, npChart, pChart, uChart } from "./charts/attribute-charts.ts";
export { type CusumDesign, cusumRunLength, type EwmaDesign, ewmaRunLength } from "./charts/average-run-length.ts";
export { continueControlLine } from "./charts/continue-control-line.ts";
export { type ControlConstants, controlConstants } from "./charts/control-constants.ts";
export type { ControlLine } from "./charts/control-line.ts";
export { type CusumChart, type CusumOptions, cusumChart } from "./charts/cusum-chart.ts";
export { type ChangeDescription, type ChangeOptions, describeChange } from "./charts/describe-change.ts";
export { type EwmaOptions, ewmaChart } from "./charts/ewma-chart.ts";
export { type IndividualsChart, individualsChart } from "./charts/individuals-chart.ts";
export { type RunRule, runRules } from "./charts/run-rules.ts";
export { type SubgroupChart, xBarRChart, xBarSChart } from "./charts/subgroup-charts.ts";
export { describeSample, type SampleDescription } from "./descriptive/describe-sample.ts";
export { exactQuantile, type QuantileMethod } from "./descriptive/exact-quantile.ts";
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
export { meanLogEvidence } from "./detection/mean-log-evidence.ts";
export { type PeriodSums, periodVariance } from "./detection/period-variance.ts";
export { mergeByMap, rareBinMap } from "./detection/rare-bins.ts";
export {
  createVarianceLadder,
  type Dependence,
  type VarianceLadder,
  type VarianceLadderOptions,
  type VarianceLadderState,
} from "./detection/variance-ladder.ts";
export { Adwin, type AdwinOptions } from "./detectors/adwin.ts";
export type { ChangeDetector, ChangeDirection, ChangeVerdict } from "./detectors/change-detector.ts";
export { Cusum, type CusumDetectorOptions } from "./detectors/cusum.ts";
export { Ddm, type DdmOptions } from "./detectors/ddm.ts";
export { Ecdd, type EcddOptions } from "./detectors/ecdd.ts";
export { Eddm, type EddmOptions } from "./detectors/eddm.ts";
export { Fhddm, type FhddmOptions } from "./detectors/fhddm.ts";
export { GeometricMovingAverage, type GeometricMovingAverageOptions } from "./detectors/geometric-moving-average.ts";
export { HddmA, type HddmAOptions } from "./detectors/hddm-a.ts";
export { HddmW, type HddmWOptions } from "./detectors/hddm-w.ts";
export { Kswin, type KswinOptions } from "./detectors/kswin.ts";
export { PageHinkley, type PageHinkleyOptions, type PageHinkleyState } from "./detectors/page-hinkley.ts";
export { PythonRandom } from "./detectors/python-random.ts";
export { Rddm, type RddmOptions } from "./detectors/rddm.ts";
export type { WeightedSample } from "./distances/distribution-gaps.ts";
export { energyDistance } from "./distances/energy-distance.ts";
export { type BinRule, equalWidthEdges } from "./distances/equal-width-edges.ts";
export { bhattacharyyaCoefficient, hellingerDistance } from "./distances/hellinger-distance.ts";
export { type HistogramCounts, histogramCounts } from "./distances/histogram-counts.ts";
export { jensenShannonDistance } from "./distances/jensen-shannon-distance.ts";
export { ksOnEqualBins } from "./distances/ks-on-equal-bins.ts";
export { kullbackLeiblerDivergence } from "./distances/kullback-leibler-divergence.ts";
export { lInfinityDistance } from "./distances/l-infinity-distance.ts";
export { psiWithFloor } from "./distances/psi-with-floor.ts";
export { type QuantilePsi, quantilePsi } from "./distances/quantile-psi.ts";
export { wassersteinDistance } from "./distances/wasserstein-distance.ts";
export { wassersteinOnEqualBins } from "./distances/wasserstein-on-equal-bins.ts";
export { type ChiSquareResult, chiSquareFromCounts } from "./distances-from-counts/chi-square-from-counts.ts";
export type { BinnedSamples } from "./distances-from-counts/cumulative-shares.ts";
export { energyFromBins } from "./distances-from-counts/energy-from-bins.ts";
export type { DistanceBounds, SupportedSamples } from "./distances-from-counts/integrate-gap.ts";
export { jsDistanceFromCounts } from "./distances-from-counts/js-distance-from-counts.ts";
export { type KsBounds, ksFromBins } from "./distances-from-counts/ks-from-bins.ts";
export { psiFromCounts } from "./distances-from-counts/psi-from-counts.ts";
export { type StabilityOptions, type StabilityResult, stabilityTest } from "./distances-from-counts/stability-test.ts";
export { totalVariationFromCounts } from "./distances-from-counts/total-variation-from-counts.ts";
export { wassersteinFromBins } from "./distances-from-counts/wasserstein-from-bins.ts";
export { chiSquareUpperTail } from "./distributions/chi-square-upper-tail.ts";
export { cramerVonMisesUpperTail } from "./distributions/cramer-von-mises-upper-tail.ts";
export { kolmogorovUpperTail } from "./distributions/kolmogorov-upper-tail.ts";
export { ksOneSampleUpperTail } from "./distributions/ks-one-sample-upper-tail.ts";
export { normalQuantile } from "./distributions/normal-quantile.ts";
export { normalUpperTail } from "./distributions/normal-upper-tail.ts";
export { betaQuantile, chiSquareQuantile, studentQuantile } from "./distributions/quantiles.ts";
export { seededUniform } from "./distributions/seeded-uniform.ts";
export { studentUpperTail } from "./distributions/student-upper-tail.ts";
export {
  type BoostedTrees,
  type BoostingOptions,
  fitBoostedTrees,
  predictBoostedTrees,
} from "./estimation/boosted-trees.ts";
export {
  type CalibratedCells,
  calibrateCells,
  type LabelSums,
  poolAdjacentViolators,
} from "./estimation/calibrate-cells.ts";
export {
  cellMetrics,
  cellMetricVariances,
  type EstimatedMetric,
  estimatedMetrics,
  type ScoreCells,
} from "./estimation/cell-metrics.ts";
export { type BackTest, combineExperts } from "./estimation/combine-experts.ts";
export {
  type ConfidenceBasedEstimate,
  type ConfidenceBasedRows,
  confidenceBasedEstimate,
} from "./estimation/confidence-based.ts";
export {
  type ClassifiedRows,
  type ConfusionLayout,
  type ConfusionMetric,
  confusionCells,
  confusionLayout,
  confusionMetricNames,
  countConfusion,
} from "./estimation/confusion-cells.ts";
export { type DomainWeights, domainWeights } from "./estimation/domain-weights.ts";
export {
  byErrorTarget,
  type ErrorMetric,
  type ErrorMetrics,
  type ErrorTarget,
  errorMetricNames,
  realizedErrorMetrics,
} from "./estimation/error-metrics.ts";
export type { ErrorFeature, ErrorModel } from "./estimation/error-model.ts";
export {
  type ConfusionOutcomes,
  type ConfusionReference,
  type ConfusionRows,
  createConfusionReference,
  estimateConfusion,
  type MaturedConfusion,
  readConfusion,
  type WindowConfusion,
} from "./estimation/estimate-confusion.ts";
export {
  type CoarseFeature,
  createErrorReference,
  type ErrorEstimate,
  type ErrorReference,
  estimateErrors,
  type MaturedErrors,
  type WindowErrors,
} from "./estimation/estimate-errors.ts";
export { estimateInterval, type IntervalInputs, nextMultiplier } from "./estimation/estimate-interval.ts";
export { EXPERTS, type Expert, type IntervalEstimate, type MetricEstimate } from "./estimation/estimate-metric.ts";
export {
  type EstimateJudgement,
  type EstimateTrust,
  estimateState,
  estimateTrust,
} from "./estimation/estimate-state.ts";
export { estimateWindow, type WindowEstimate } from "./estimation/estimate-window.ts";
export {
  countReferenceCells,
  type EstimationReference,
  fitEstimationReference,
  type MetricValues,
  type ReferenceCells,
} from "./estimation/estimation-reference.ts";
export type { EstimationRows, LabelledEstimationRows } from "./estimation/estimation-rows.ts";
export {
  codeCount,
  encodeFeature,
  type FeatureCodes,
  type FeatureColumn,
  learnFeatureCodes,
} from "./estimation/feature-encoder.ts";
export { type ErrorBlock, type ErrorRows, type FittedErrors, fitErrors } from "./estimation/fit-errors.ts";
export {
  calibrateScores,
  fitIsotonicCalibration,
  type IsotonicCalibration,
} from "./estimation/isotonic-calibration.ts";
export { type MaturedWindow, readOutcomes, type WindowOutcomes } from "./estimation/matured-window.ts";
export { predictOutcomes } from "./estimation/outcome-model.ts";
export {
  type CodedRows,
  linearPredictors,
  type RidgeOptions,
  ridgeLeastSquares,
  ridgeLogistic,
  sigmoid,
} from "./estimation/ridge-regression.ts";
export { cellPriors, labelSums, type ScoredRows, scoreCells, scoreEdges } from "./estimation/score-cells.ts";
export { simplexMinimum } from "./estimation/simplex-minimum.ts";
export { type WindowDomain, windowDomain } from "./estimation/window-domain.ts";
export { type Cluster, type ClusterMean, clusterMeanInterval } from "./intervals/cluster-mean-interval.ts";
export { type ShareIntervalMethod, shareInterval } from "./intervals/share-interval.ts";
export { wilsonInterval } from "./intervals/wilson-interval.ts";
export { type AdjustmentMethod, adjustPValues } from "./multiple-testing/adjust-p-values.ts";
export { type DomainDrift, type DomainDriftOptions, domainDrift } from "./multivariate/domain-drift.ts";
export { judgeSlices, type SlicesVerdict } from "./multivariate/judge-slices.ts";
export {
  type LeadingComponents,
  type LeadingComponentsOptions,
  leadingComponents,
} from "./multivariate/leading-components.ts";
export {
  fitPcaReconstruction,
  type PcaReconstruction,
  reconstructionErrors,
} from "./multivariate/pca-reconstruction.ts";
export {
  binOf,
  type CountedSlices,
  countSlices,
  fitRandomSlices,
  type RandomSlices,
  type Slice,
  type SliceOptions,
  sliceBins,
} from "./multivariate/random-slices.ts";
export type { FeatureRows, StandardScale } from "./multivariate/standard-scale.ts";
export { type BinaryScores, binaryScores, type ScoredGroup } from "./scores/binary-scores.ts";
export {
  type CalibrationBin,
  type CalibrationError,
  type CalibrationOptions,
  calibrationError,
} from "./scores/calibration-error.ts";
export { type ClassificationScore, classificationScore } from "./scores/classification-score.ts";
export { type ClassifiedGroup, type ConfusionMatrix, confusionMatrix } from "./scores/confusion-matrix.ts";
export type { Estimate } from "./scores/estimate.ts";
export { logLossOf } from "./scores/log-loss.ts";
export { meanEstimate } from "./scores/mean-estimate.ts";
export { multiclassBrier, multiclassLogLoss, topKAccuracy } from "./scores/multiclass-probability-scores.ts";
export { type MulticlassAucOptions, multiclassRocAuc } from "./scores/multiclass-roc-auc.ts";
export { partialRocAuc } from "./scores/partial-roc-auc.ts";
export { averagePrecision, type PrecisionRecallPoint, precisionRecallCurve } from "./scores/precision-recall.ts";
export type { ProbabilityRow } from "./scores/probability-rows.ts";
export { type RankingEstimates, rankingEstimates, type WeightedQuery } from "./scores/ranking-estimates.ts";
export {
  type DcgOptions,
  discountedCumulativeGain,
  labelRankingAveragePrecision,
  normalizedDiscountedCumulativeGain,
  type RankedQuery,
} from "./scores/ranking-scores.ts";
export {
  pinballLoss,
  type RegressionGroup,
  type RegressionScores,
  regressionScores,
} from "./scores/regression-scores.ts";
export { type RankedRow, rocAuc } from "./scores/roc-auc.ts";
export { type RocPoint, rocCurve } from "./scores/roc-curve.ts";
export { shareEstimate } from "./scores/share-estimate.ts";
export {
  type AsymptoticOptions,
  asymptoticSequence,
  type ValueSums,
} from "./sequences/asymptotic-sequence.ts";
export { type ComparisonRule, type ComparisonVerdict, comparisonVerdict } from "./sequences/comparison-verdict.ts";
export {
  type EmpiricalBernsteinOptions,
  EmpiricalBernsteinSequence,
  type EmpiricalBernsteinState,
} from "./sequences/empirical-bernstein-sequence.ts";
export { type HarmEvidence, type HarmState, harmState } from "./sequences/harm-state.ts";
export type { MeanInterval } from "./sequences/mean-interval.ts";
export { meanUpperBound } from "./sequences/mean-upper-bound.ts";
export { type MeanBoundOptions, meanUpperBoundOf, type ValueMoments } from "./sequences/mean-upper-bound-of.ts";
export {
  type ComparisonState,
  PairedComparison,
  type PairedComparisonOptions,
  type PairStretch,
} from "./sequences/paired-comparison.ts";
export { RiskSequence, type RiskSequenceOptions } from "./sequences/risk-sequence.ts";
export { RowDependence, type ValueStretch } from "./sequences/row-dependence.ts";
export { absenceLogProbability } from "./tests/absence-log-probability.ts";
export {
  type AndersonDarlingResult,
  type AndersonDarlingVariant,
  andersonDarlingTest,
} from "./tests/anderson-darling-test.ts";
export { type ContingencyOptions, type ContingencyResult, contingencyTest } from "./tests/contingency-test.ts";
export { cramerVonMisesTest } from "./tests/cramer-von-mises-test.ts";
export { eppsSingletonTest } from "./tests/epps-singleton-test.ts";
export { fisherExactTest } from "./tests/fisher-exact-test.ts";
export { goodnessOfFitTest } from "./tests/goodness-of-fit-test.ts";
export { type KsOptions, type KsResult, ksTest } from "./tests/ks-test.ts";
export { type MannWhitneyOptions, mannWhitneyTest } from "./tests/mann-whitney-test.ts";
export type { DivergenceKind } from "./tests/power-divergence.ts";
export { type Proportion, proportionsTest } from "./tests/proportions-test.ts";
export { type TTestResult, tTest } from "./tests/t-test.ts";
export type { Alternative, TestResult } from "./tests/test-result.ts";
