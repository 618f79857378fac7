import {
  byErrorTarget,
  type ErrorMetric,
  type ErrorMetrics,
  type ErrorTarget,
  errorMetricNames,
  meanOf,
  metricsOfMeans,
  metricVariances,
} from "./error-metrics.ts";
import { predictErrors } from "./error-model.ts";
import { estimateInterval, nextMultiplier } from "./estimate-interval.ts";
import { type IntervalEstimate, MAX_HISTORY } from "./estimate-metric.ts";
import { estimateTrust, TRUST_WINDOWS } from "./estimate-state.ts";
import { type ErrorRows, errorModelCodes, type FittedErrors } from "./fit-errors.ts";
import type { CodedRows } from "./ridge-regression.ts";
import { binEdges, binOf } from "./value-bins.ts";
import { windowDomain } from "./window-domain.ts";

/** Ways to estimate an error: what its model says, and the same with what weights that make the reference look like the window change added. */
export interface ErrorExperts {
  readonly outcome_model: number;
  readonly doubly_robust: number;
}

export interface ErrorEstimate extends IntervalEstimate {
  readonly experts: ErrorExperts;
}

export interface WindowErrors {
  readonly metrics: Readonly<Record<ErrorMetric, ErrorEstimate>>;
  /** Effective share of the reference under the window's weights, and the AUC of telling the two apart. */
  readonly effectiveShare: number;
  readonly domainAuc: number;
  /** False where the weights were too uneven to use: then no more than a warning is due. */
  readonly hasOverlap: boolean;
}

/** A window whose outcomes are known, with what was estimated of it before. */
export interface MaturedErrors {
  readonly truth: ErrorMetrics;
  readonly estimate: Readonly<Record<ErrorMetric, Pick<ErrorEstimate, "value" | "lower" | "upper" | "knownVariance">>>;
}

/** The reference of a model that predicts quantities. */
export interface ErrorReference {
  readonly fitted: Pick<FittedErrors, "edges" | "models" | "blocks">;
  /** Residuals of a sample of it. */
  readonly residuals: Readonly<Record<ErrorTarget, ArrayLike<number>>>;
  /** The sample's rows for the domain classifier, and the same of other rows. */
  readonly design: CodedRows;
  readonly codeDesign: (rows: ErrorRows) => CodedRows;
}

/** What the domain classifier sees of a feature: a coarse code for each fine one. */
export interface CoarseFeature {
  readonly coarse: Uint8Array;
  readonly coarseSize: number;
}

/** Bins in which the domain classifier sees the prediction. */
const PREDICTION_BINS = 20;

/** @param sample rows of the reference, evenly over time, with their residuals. */
export function createErrorReference(
  features: readonly CoarseFeature[],
  fitted: ErrorReference["fitted"],
  sample: ErrorRows & Pick<ErrorReference, "residuals">,
): ErrorReference {
  const edges = binEdges(sample.predictions, PREDICTION_BINS);
  const codeDesign = ({ codes, predictions }: ErrorRows): CodedRows => ({
    sizes: [...features.map(({ coarseSize }) => coarseSize), edges.length + 1],
    codes: codes.map((row, i) => {
      const design = new Uint8Array(features.length + 1);
      features.forEach(({ coarse }, j) => {
        design[j] = coarse[row[j]!]!;
      });
      design[features.length] = binOf(predictions[i]!, edges);
      return design;
    }),
  });
  return { fitted, residuals: sample.residuals, design: codeDesign(sample), codeDesign };
}

/**
 * Estimates the errors of a window without its outcomes (ESTIMATION 1.8): the mean of what the models of |e|, e^2 and e say of its rows, and
 * of the same with the change of their mean residual on the reference under importance weights added. Outcomes of windows before feed the interval and the trust only.
 * Assumes that the relation of outcome to features is the reference's, as far as matured windows do not show otherwise.
 *
 * @param window rows coded as the reference's, at least two.
 * @param history matured windows in the order in which they matured, each as it was estimated at the time.
 * Cost: two ridge regressions over reference and window, and 600 trees over the window: 0.15 s for 20,000 rows of eight features.
 */
export function estimateErrors(
  reference: ErrorReference,
  window: ErrorRows,
  history: readonly MaturedErrors[],
): WindowErrors {
  const matured = history.slice(-MAX_HISTORY);
  const domain = windowDomain(reference.design, reference.codeDesign(window));
  const { places, weights, effectiveShare, auc, hasOverlap } = domain;
  const codes = errorModelCodes(window, reference.fitted.edges);
  const modelled = byErrorTarget((target) => meanOf(predictErrors(reference.fitted.models[target], codes)));
  const left = byErrorTarget((target) =>
    weightedResidual(reference.residuals[target], places, hasOverlap ? weights : null),
  );
  const robust = byErrorTarget((target) => modelled[target] + (hasOverlap ? left[target].change : 0));
  const value = metricsOfMeans(byErrorTarget((target) => (modelled[target] + robust[target]) / 2));
  const sampling = metricVariances(
    value,
    byErrorTarget((target) => left[target].variance / codes.length),
  );
  const calibration = metricVariances(
    value,
    byErrorTarget((target) => left[target].meanVariance),
  );
  const experts = { outcome_model: metricsOfMeans(modelled), doubly_robust: metricsOfMeans(robust) };
  const entries = errorMetricNames.map((metric) => {
    const own = { outcome_model: experts.outcome_model[metric], doubly_robust: experts.doubly_robust[metric] };
    const inputs = { value: value[metric], sampling: sampling[metric], calibration: calibration[metric], experts: own };
    return [metric, estimateMetric(metric, inputs, reference, matured)] as const;
  });
  return {
    metrics: Object.fromEntries(entries) as Record<ErrorMetric, ErrorEstimate>,
    effectiveShare,
    domainAuc: auc,
    hasOverlap,
  };
}

/**
 * What weights change of the reference's mean residual, with the variance of the weighted one, and the variance of a row's residual. The plain
 * mean is taken off: the models of other rows miss it by the luck of their stretches, the model of all rows does not.
 */
function weightedResidual(residuals: ArrayLike<number>, places: readonly number[], weights: Float64Array | null) {
  const sums = { weight: 0, weighted: 0, plain: 0, spread: 0, squares: 0 };
  places.forEach((place, k) => {
    const residual = residuals[place]!;
    const weight = weights?.[k] ?? 1;
    sums.weight += weight;
    sums.weighted += weight * residual;
    sums.plain += residual;
    sums.spread += (weight * residual) ** 2;
    sums.squares += residual * residual;
  });
  return {
    change: sums.weighted / sums.weight - sums.plain / places.length,
    meanVariance: sums.spread / sums.weight ** 2,
    variance: sums.squares / places.length,
  };
}

interface MetricInputs {
  readonly value: number;
  readonly sampling: number;
  readonly calibration: number;
  readonly experts: ErrorExperts;
}

function estimateMetric(
  metric: ErrorMetric,
  { value, sampling, calibration, experts }: MetricInputs,
  { fitted }: ErrorReference,
  matured: readonly MaturedErrors[],
): ErrorEstimate {
  const record = [
    ...fitted.blocks.map(({ estimate, truth, variances }) => ({
      error: estimate[metric] - truth[metric],
      variance: variances[metric],
    })),
    ...matured.map(({ estimate, truth }) => ({
      error: estimate[metric].value - truth[metric],
      variance: estimate[metric].knownVariance,
    })),
  ];
  const hits = matured.map(({ estimate, truth }) => {
    const { lower, upper } = estimate[metric];
    return lower <= truth[metric] && truth[metric] <= upper;
  });
  const judged = hits.slice(-TRUST_WINDOWS);
  const multiplier = hits.reduce(nextMultiplier, nextMultiplier(0, true));
  const { lower, upper, standardError } = estimateInterval({
    estimate: value,
    samplingVariance: sampling,
    calibrationVariance: calibration,
    experts: [experts.outcome_model, experts.doubly_robust, experts.outcome_model],
    errors: record.map(({ error }) => error),
    variances: record.map(({ variance }) => variance),
    multiplier,
  });
  return {
    value,
    lower: metric === "bias" ? lower : Math.max(0, lower),
    upper,
    standardError,
    knownVariance: sampling + calibration,
    multiplier,
    trust: estimateTrust(hits),
    backTested: judged.length,
    missed: judged.filter((hit) => !hit).length,
    experts,
  };
}
