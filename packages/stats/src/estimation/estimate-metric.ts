import { combineExperts } from "./combine-experts.ts";
import { estimateInterval, nextMultiplier } from "./estimate-interval.ts";
import { type EstimateTrust, estimateTrust, TRUST_WINDOWS } from "./estimate-state.ts";

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
export type ExpertValues = Readonly<Record<Expert, number>>;

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
  readonly experts: ExpertValues;
}

/** What of an estimate is held against the outcome later. */
export type BackTestedEstimate = Pick<MetricEstimate, "value" | "lower" | "upper" | "knownVariance" | "experts">;

/** An estimate whose truth is known. */
export interface PastEstimate {
  readonly truth: number;
  readonly estimate: Pick<BackTestedEstimate, "value" | "knownVariance" | "experts">;
}

export interface MetricInputs {
  readonly experts: ExpertValues;
  readonly sampling: number;
  readonly calibration: number;
  /** Stretches of the reference, then matured windows, in order. */
  readonly reference: readonly PastEstimate[];
  readonly matured: readonly { readonly truth: number; readonly estimate: BackTestedEstimate }[];
  /** The least and the largest value that the metric can have. */
  readonly range: readonly [number, number];
}

/** Back-test rows that count. */
export const MAX_HISTORY = 64;
/** The blend's prior; the other experts share the rest. */
const BLEND_PRIOR = 0.5;

/** A metric by its experts (ESTIMATION 1.5-1.7): the blend while no window has matured, then all of them weighed by their record. */
export function estimateMetric(inputs: MetricInputs): MetricEstimate {
  const { experts, sampling, calibration, matured, range } = inputs;
  const record = recordOf([...inputs.reference, ...matured]);
  const prior = EXPERTS.map((name) => (name === "blend" ? BLEND_PRIOR : (1 - BLEND_PRIOR) / (EXPERTS.length - 1)));
  const value =
    matured.length > 0
      ? combineExperts(
          EXPERTS.map((name) => experts[name]),
          record,
          prior,
        ).value
      : experts.blend;
  const hits = matured.flatMap((past) => hitOf(past) ?? []);
  const judged = hits.slice(-TRUST_WINDOWS);
  const multiplier = hits.reduce(nextMultiplier, nextMultiplier(0, true));
  const interval = estimateInterval({
    estimate: value,
    samplingVariance: sampling,
    calibrationVariance: calibration,
    experts: [experts.calibrated, experts.weighted, experts.outcome_model],
    errors: record.issued,
    variances: record.variances,
    multiplier,
  });
  return {
    value,
    lower: Math.max(range[0], interval.lower),
    upper: Math.min(range[1], interval.upper),
    standardError: interval.standardError,
    knownVariance: sampling + calibration,
    multiplier,
    trust: estimateTrust(hits),
    backTested: judged.length,
    missed: judged.filter((hit) => !hit).length,
    experts,
  };
}

/** Errors of every expert and of what was issued; estimates without a finite value or truth left out. */
function recordOf(past: readonly PastEstimate[]) {
  const errors: number[][] = [];
  const issued: number[] = [];
  const variances: number[] = [];
  for (const { truth, estimate } of past) {
    const { value, knownVariance, experts } = estimate;
    if (![value, truth, knownVariance].every(Number.isFinite)) continue;
    errors.push(EXPERTS.map((name) => (Number.isFinite(experts[name]) ? experts[name] : value) - truth));
    issued.push(value - truth);
    variances.push(knownVariance);
  }
  return { errors, issued, variances };
}

function hitOf({ truth, estimate: { lower, upper } }: MetricInputs["matured"][number]): boolean | null {
  if (![lower, upper, truth].every(Number.isFinite)) return null;
  return lower <= truth && truth <= upper;
}
