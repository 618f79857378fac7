import { calibrateCells } from "./calibrate-cells.ts";
import { cellMetricVariances, type EstimatedMetric, estimatedMetrics, type ScoreCells } from "./cell-metrics.ts";
import { combineExperts } from "./combine-experts.ts";
import { domainWeights } from "./domain-weights.ts";
import { estimateInterval, nextMultiplier } from "./estimate-interval.ts";
import { type EstimateTrust, estimateTrust, TRUST_WINDOWS } from "./estimate-state.ts";
import { type EstimationReference, type MetricValues, metricsOfShares } from "./estimation-reference.ts";
import { type EstimationRows, pickRows } from "./estimation-rows.ts";
import { lastTruths, type MaturedWindow, recentLabels, recentResidual } from "./matured-window.ts";
import { predictOutcomes } from "./outcome-model.ts";
import { cellShares, labelSums, scoreCells } from "./score-cells.ts";

/** Ways to estimate a metric; the first is the blend of the next three, the others need matured outcomes. */
export const EXPERTS = [
  "blend",
  "calibrated",
  "weighted",
  "outcome_model",
  "recent_4",
  "recent_1",
  "corrected",
  "last_1",
  "last_4",
] as const;
export type Expert = (typeof EXPERTS)[number];

/** An estimated number with its interval and its record. */
export interface IntervalEstimate {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  readonly standardError: number;
  /** Variance by sampling and by calibration; the rest of the interval is what the record and the disagreement add. */
  readonly knownVariance: number;
  readonly multiplier: number;
  readonly trust: EstimateTrust;
  /** Of the last eight intervals, those held against a known truth, and those that did not hold it. */
  readonly backTested: number;
  readonly missed: number;
}

/** One metric of one window before its outcomes are known. */
export interface MetricEstimate extends IntervalEstimate {
  readonly experts: Readonly<Record<Expert, number>>;
}

export interface WindowEstimate {
  readonly metrics: Readonly<Record<EstimatedMetric, MetricEstimate>>;
  /** Expected outcomes of either kind in the window. */
  readonly expectedPositives: number;
  readonly expectedNegatives: number;
  /** Effective share of the reference under the window's weights, and the AUC of telling the two apart. */
  readonly effectiveShare: number;
  readonly domainAuc: number;
  /** False where the weights were too uneven to use: then no more than a warning is due. */
  readonly hasOverlap: boolean;
}

/** Effective share below which importance weights rest on too few rows. */
export const MIN_EFFECTIVE_SHARE = 0.05;
/** Rows of the reference that a window is told apart from: four times its own, and at least so many. */
const MIN_DOMAIN_ROWS = 5_000;
/** The blend's prior; the other experts share the rest. */
const BLEND_PRIOR = 0.5;
/** Back-test rows that count. */
export const MAX_HISTORY = 64;

/**
 * Estimates a window's metrics without its outcomes (ESTIMATION 1.4-1.7): the mean of the calibrated, the importance-weighted and the
 * outcome-model estimate while no window has matured, and from then on the experts weighted by their record. Assumes that the relation of
 * outcome to features is the reference's, as far as matured windows do not show otherwise.
 *
 * @param window rows coded as the reference's; at least two, scores in [0, 1].
 * @param history matured windows in the order in which they matured, each as it was estimated at the time.
 * Cost: two ridge regressions over reference and window.
 */
export function estimateWindow(
  reference: EstimationReference,
  window: EstimationRows,
  history: readonly MaturedWindow[],
): WindowEstimate {
  const matured = history.slice(-MAX_HISTORY);
  const cells = scoreCells(window, reference.edges);
  const free = labelFreeShares(reference, window);
  const experts = expertValues(reference, cells, free, matured);
  const derivativesAt = matured.length > 0 ? recentLabels(reference, matured, 4).share : reference.calibrated.share;
  const variances = cellMetricVariances(cells, derivativesAt, reference.calibrated);
  const metrics = Object.fromEntries(
    estimatedMetrics.map((metric) => {
      const { sampling, calibration } = variances[metric];
      const values = Object.fromEntries(EXPERTS.map((name) => [name, experts[name][metric]])) as Record<Expert, number>;
      return [metric, estimateMetric({ metric, values, sampling, calibration, reference, matured })];
    }),
  ) as Record<EstimatedMetric, MetricEstimate>;
  const positives = sumOf(cells.n, (n, c) => n * derivativesAt[c]!);
  return {
    metrics,
    expectedPositives: positives,
    expectedNegatives: sumOf(cells.n, (n) => n) - positives,
    effectiveShare: free.effectiveShare,
    domainAuc: free.domainAuc,
    hasOverlap: free.weighted !== null,
  };
}

interface LabelFree {
  readonly calibrated: Float64Array;
  /** Null where the effective share is too small. */
  readonly weighted: Float64Array | null;
  readonly outcomeModel: Float64Array | null;
  readonly effectiveShare: number;
  readonly domainAuc: number;
}

function labelFreeShares(reference: EstimationReference, window: EstimationRows): LabelFree {
  const { edges, designEdges, priors, outcomeModel } = reference;
  const calibrated = reference.calibrated.share;
  const places = referencePlaces(reference.rows.codes.length, window.codes.length);
  const rows = pickRows(reference.rows, places);
  const design = { ...reference.design, codes: places.map((i) => reference.design.codes[i]!) };
  const { weights, effectiveShare, auc } = domainWeights(design, reference.codeDesign(window));
  const weighted =
    effectiveShare < MIN_EFFECTIVE_SHARE ? null : calibrateCells(labelSums({ ...rows, weights }, edges), priors).share;
  // What the weights change on the sample is put on the calibration of all rows, so that the sample's noise cancels.
  const unweighted = calibrateCells(labelSums(rows, edges), priors).share;
  return {
    calibrated,
    weighted: weighted?.map((share, c) => inUnit(share + calibrated[c]! - unweighted[c]!)) ?? null,
    outcomeModel:
      outcomeModel === null
        ? null
        : cellShares(window, predictOutcomes(outcomeModel, window, designEdges), edges, calibrated),
    effectiveShare,
    domainAuc: auc,
  };
}

/** Every expert's metrics; one that cannot be had says what the calibrated estimate says. */
function expertValues(
  reference: EstimationReference,
  cells: ScoreCells,
  free: LabelFree,
  matured: readonly MaturedWindow[],
): Record<Expert, MetricValues> {
  const metricsOf = (share: ArrayLike<number>) => metricsOfShares(reference, cells, share);
  const calibrated = metricsOf(free.calibrated);
  const weighted = free.weighted === null ? null : metricsOf(free.weighted);
  const outcomeModel = free.outcomeModel === null ? null : metricsOf(free.outcomeModel);
  const parts = [calibrated, weighted, outcomeModel].filter((part) => part !== null);
  const blend = meanOf(parts);
  const otherwise = {
    blend,
    calibrated,
    weighted: weighted ?? calibrated,
    outcome_model: outcomeModel ?? calibrated,
    recent_4: calibrated,
    recent_1: calibrated,
    corrected: outcomeModel ?? calibrated,
    last_1: calibrated,
    last_4: calibrated,
  };
  if (matured.length === 0) return otherwise;
  const residual = recentResidual(matured, 2);
  const base = free.outcomeModel ?? free.calibrated;
  return {
    ...otherwise,
    recent_4: metricsOf(recentLabels(reference, matured, 4).share),
    recent_1: metricsOf(recentLabels(reference, matured, 1).share),
    corrected: metricsOf(base.map((share) => inUnit(share + residual))),
    last_1: lastTruths(matured, 0, calibrated),
    last_4: lastTruths(matured, 4, calibrated),
  };
}

interface MetricInputs {
  readonly metric: EstimatedMetric;
  readonly values: Record<Expert, number>;
  readonly sampling: number;
  readonly calibration: number;
  readonly reference: EstimationReference;
  readonly matured: readonly MaturedWindow[];
}

function estimateMetric(inputs: MetricInputs): MetricEstimate {
  const { metric, values, sampling, calibration, reference, matured } = inputs;
  const record = recordOf(metric, reference, matured);
  const prior = EXPERTS.map((name) => (name === "blend" ? BLEND_PRIOR : (1 - BLEND_PRIOR) / (EXPERTS.length - 1)));
  const value =
    matured.length > 0
      ? combineExperts(
          EXPERTS.map((name) => values[name]),
          record,
          prior,
        ).value
      : values.blend;
  const hits = matured.flatMap((past) => hitOf(past, metric) ?? []);
  const judged = hits.slice(-TRUST_WINDOWS);
  const multiplier = hits.reduce(nextMultiplier, nextMultiplier(0, true));
  const interval = estimateInterval({
    estimate: value,
    samplingVariance: sampling,
    calibrationVariance: calibration,
    experts: [values.calibrated, values.weighted, values.outcome_model],
    errors: record.issued,
    variances: record.variances,
    multiplier,
  });
  const top = metric === "log_loss" ? Number.POSITIVE_INFINITY : 1;
  return {
    value,
    lower: Math.max(0, interval.lower),
    upper: Math.min(top, interval.upper),
    standardError: interval.standardError,
    knownVariance: sampling + calibration,
    multiplier,
    trust: estimateTrust(hits),
    backTested: judged.length,
    missed: judged.filter((hit) => !hit).length,
    experts: values,
  };
}

/** Errors of every expert and of what was issued, over the reference's blocks and the matured windows; undefined metrics left out. */
function recordOf(metric: EstimatedMetric, reference: EstimationReference, matured: readonly MaturedWindow[]) {
  const errors: number[][] = [];
  const issued: number[] = [];
  const variances: number[] = [];
  const add = (experts: readonly number[], value: number, truth: number, variance: number) => {
    if (![value, truth, variance].every(Number.isFinite)) return;
    errors.push(experts.map((estimate) => (Number.isFinite(estimate) ? estimate : value) - truth));
    issued.push(value - truth);
    variances.push(variance);
  };
  reference.blocks.forEach(({ calibrated, outcomeModel, truth, variances: known }, index) => {
    const cb = calibrated[metric];
    const om = outcomeModel?.[metric] ?? cb;
    const blend = (2 * cb + om) / 3;
    const before = reference.blocks.slice(0, index).map((block) => ({ truth: block.truth }));
    const last = (halfLife: number) => (index === 0 ? cb : lastTruths(before, halfLife, calibrated)[metric]);
    const experts: Record<Expert, number> = {
      blend,
      calibrated: cb,
      weighted: cb,
      outcome_model: om,
      recent_4: cb,
      recent_1: cb,
      corrected: om,
      last_1: last(0),
      last_4: last(4),
    };
    add(
      EXPERTS.map((name) => experts[name]),
      blend,
      truth[metric],
      known[metric],
    );
  });
  for (const { estimate, truth } of matured) {
    const { experts, value, knownVariance } = estimate[metric];
    add(
      EXPERTS.map((name) => experts[name]),
      value,
      truth[metric],
      knownVariance,
    );
  }
  return { errors, issued, variances };
}

function hitOf({ estimate, truth }: MaturedWindow, metric: EstimatedMetric): boolean | null {
  const { lower, upper } = estimate[metric];
  if (![lower, upper, truth[metric]].every(Number.isFinite)) return null;
  return lower <= truth[metric] && truth[metric] <= upper;
}

/** Places of the reference's rows that a window of so many rows is told apart from, evenly spread. */
export function referencePlaces(count: number, windowRows: number): number[] {
  const kept = Math.min(count, Math.max(MIN_DOMAIN_ROWS, 4 * windowRows));
  return Array.from({ length: kept }, (_, i) => Math.floor((i * count) / kept));
}

function inUnit(share: number): number {
  return Math.min(1, Math.max(0, share));
}

function meanOf(parts: readonly MetricValues[]): MetricValues {
  const entries = estimatedMetrics.map((metric) => [
    metric,
    parts.reduce((sum, part) => sum + part[metric], 0) / parts.length,
  ]);
  return Object.fromEntries(entries) as MetricValues;
}

function sumOf(values: ArrayLike<number>, term: (value: number, index: number) => number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += term(values[i]!, i);
  return sum;
}
