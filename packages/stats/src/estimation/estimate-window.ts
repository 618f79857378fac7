import { calibrateCells } from "./calibrate-cells.ts";
import { cellMetricVariances, type EstimatedMetric, estimatedMetrics, type ScoreCells } from "./cell-metrics.ts";
import {
  type BackTestedEstimate,
  EXPERTS,
  type Expert,
  type ExpertValues,
  estimateMetric,
  MAX_HISTORY,
  type MetricEstimate,
  type PastEstimate,
} from "./estimate-metric.ts";
import { type EstimationReference, type MetricValues, metricsOfShares } from "./estimation-reference.ts";
import { type EstimationRows, pickRows } from "./estimation-rows.ts";
import { lastTruths, type MaturedWindow, recentLabels, recentResidual } from "./matured-window.ts";
import { predictOutcomes } from "./outcome-model.ts";
import { cellShares, labelSums, scoreCells } from "./score-cells.ts";
import { type WindowDomain, windowDomain } from "./window-domain.ts";

export interface WindowEstimate {
  readonly metrics: Readonly<Record<EstimatedMetric, MetricEstimate>>;
  /** Expected outcomes of either kind in the window. */
  readonly expectedPositives: number;
  readonly expectedNegatives: number;
  /** Share of the rows for which the positive class was predicted. */
  readonly predictionRate: number;
  /** Effective share of the reference under the window's weights, and the AUC of telling the two apart. */
  readonly effectiveShare: number;
  readonly domainAuc: number;
  /** False where the weights were too uneven to use: then no more than a warning is due. */
  readonly hasOverlap: boolean;
}

/**
 * Estimates a window's metrics without its outcomes (ESTIMATION 1.4-1.7): the mean of the calibrated, the importance-weighted and the
 * outcome-model estimate while no window has matured, and from then on the experts weighted by their record. Assumes that the relation of
 * outcome to features is the reference's, as far as matured windows do not show otherwise.
 *
 * @param window rows coded as the reference's; at least two, scores in [0, 1].
 * @param history matured windows in the order in which they matured, each as it was estimated at the time.
 * @param domain the reference weighted for the window, where it is known already.
 * Cost: two ridge regressions over reference and window.
 */
export function estimateWindow(
  reference: EstimationReference,
  window: EstimationRows,
  history: readonly MaturedWindow[],
  domain: WindowDomain = windowDomain(reference.design, reference.codeDesign(window)),
): WindowEstimate {
  const matured = history.slice(-MAX_HISTORY);
  const cells = scoreCells(window, reference.edges);
  const free = labelFreeShares(reference, window, domain);
  const experts = expertValues(reference, cells, free, matured);
  const derivativesAt = matured.length > 0 ? recentLabels(reference, matured, 4).share : reference.calibrated.share;
  const variances = cellMetricVariances(cells, derivativesAt, reference.calibrated);
  const metrics = Object.fromEntries(
    estimatedMetrics.map((metric) => {
      const { sampling, calibration } = variances[metric];
      const inputs = {
        experts: valuesOf(experts, metric),
        sampling,
        calibration,
        reference: blockRecord(metric, reference),
        matured: matured.flatMap(({ truth, estimate }) => {
          // What was stored before a metric was estimated lacks it.
          const own: BackTestedEstimate | undefined = estimate[metric];
          return own === undefined ? [] : [{ truth: truth[metric], estimate: own }];
        }),
        range: rangeOf(metric),
      };
      return [metric, estimateMetric(inputs)];
    }),
  ) as Record<EstimatedMetric, MetricEstimate>;
  const positives = sumOf(cells.n, (n, c) => n * derivativesAt[c]!);
  return {
    metrics,
    expectedPositives: positives,
    expectedNegatives: sumOf(cells.n, (n) => n) - positives,
    predictionRate: sumOf(cells.n, (n, c) => (c % 2 ? n : 0)) / window.codes.length,
    effectiveShare: domain.effectiveShare,
    domainAuc: domain.auc,
    hasOverlap: domain.hasOverlap,
  };
}

interface LabelFree {
  readonly calibrated: Float64Array;
  /** Null where the effective share is too small. */
  readonly weighted: Float64Array | null;
  readonly outcomeModel: Float64Array | null;
}

function labelFreeShares(
  reference: EstimationReference,
  window: EstimationRows,
  { places, weights, hasOverlap }: WindowDomain,
): LabelFree {
  const { edges, designEdges, priors, outcomeModel } = reference;
  const calibrated = reference.calibrated.share;
  const rows = pickRows(reference.rows, places);
  const weighted = hasOverlap ? calibrateCells(labelSums({ ...rows, weights }, edges), priors).share : null;
  const modelled =
    outcomeModel === null
      ? null
      : cellShares(window, predictOutcomes(outcomeModel, window, designEdges), edges, calibrated);
  // What the weights and the model say beyond their own rows is put on the calibration of all rows, so that the rows' noise cancels.
  const onAll = (shares: Float64Array, own: Float64Array) =>
    shares.map((share, c) => Math.min(1, Math.max(0, share + calibrated[c]! - own[c]!)));
  return {
    calibrated,
    weighted: weighted && onAll(weighted, calibrateCells(labelSums(rows, edges), priors).share),
    outcomeModel: modelled && onAll(modelled, reference.sampleShares),
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

/** The reference's blocks as a record: experts that need a window fall back to the calibrated one. */
function blockRecord(metric: EstimatedMetric, { blocks }: EstimationReference): PastEstimate[] {
  return blocks.map(({ calibrated, outcomeModel, truth, variances }, index) => {
    const cb = calibrated[metric];
    const om = outcomeModel?.[metric] ?? cb;
    const before = blocks.slice(0, index).map((block) => ({ truth: block.truth }));
    const last = (halfLife: number) => (index === 0 ? cb : lastTruths(before, halfLife, calibrated)[metric]);
    const blend = (2 * cb + om) / 3;
    const experts = {
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
    return { truth: truth[metric], estimate: { value: blend, knownVariance: variances[metric], experts } };
  });
}

function rangeOf(metric: EstimatedMetric): readonly [number, number] {
  return [metric === "matthews" || metric === "kappa" ? -1 : 0, metric === "log_loss" ? Number.POSITIVE_INFINITY : 1];
}

function valuesOf(experts: Record<Expert, MetricValues>, metric: EstimatedMetric): ExpertValues {
  return Object.fromEntries(EXPERTS.map((name) => [name, experts[name][metric]])) as Record<Expert, number>;
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
