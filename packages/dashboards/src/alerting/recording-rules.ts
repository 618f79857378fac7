import {
  add,
  avg,
  type BinaryExprBuilder,
  div,
  histogramQuantile,
  mul,
  n,
  or,
  rate,
  scalar,
  sub,
  sum,
  vector,
} from "@grafana/promql-builder";
import { attr, metrics, prometheusName } from "@tidemark/semconv";
import { labelNames, series } from "../promql/query.ts";
import { withLabel } from "../promql/with-label.ts";
import type { RecordingRule } from "./recording-rule.ts";
import { type Threshold, thresholds } from "./thresholds.ts";

/** Windows of the burn rates, two by two: the long one says that it matters, the short one that it goes on. */
export const BURN_WINDOWS = ["5m", "30m", "1h", "2h", "6h", "1d", "3d"] as const;
export type BurnWindow = (typeof BURN_WINDOWS)[number];

/** A call is late above this many seconds: a boundary of `ml.inference.duration`, so that nothing is interpolated. */
export const LATE_SECONDS = 0.3;

/** Weeks whose same hour is what is usual. */
const SEASON_WEEKS = [1, 2, 3, 4];

const MODEL = labelNames(attr.modelName, attr.modelVersion);
const FAILED = { [attr.errorType]: { matches: ".+" } };

export const recorded = {
  throughput: "tidemark:predictions:rate1h",
  usualThroughput: "tidemark:predictions:usual_rate1h",
  latency: (quantile: 95 | 99) => `tidemark:latency_seconds:p${quantile}_5m`,
  failedShare: (window: BurnWindow) => `tidemark:predictions_failed:ratio_rate${window}`,
  badShare: (window: BurnWindow) => `tidemark:predictions_bad:ratio_rate${window}`,
  availabilityBurn: (window: BurnWindow) => `tidemark:availability:burn_rate${window}`,
  goodBurn: (window: BurnWindow) => `tidemark:good_predictions:burn_rate${window}`,
};

/** Every recorded series in the order in which they build on each other. */
export function recordingRules(): readonly RecordingRule[] {
  return [
    ...Object.values(thresholds).map(({ record, expression, meaning }) => ({ record, expression, meaning })),
    ...throughputRules(),
    ...([95, 99] as const).map(latencyRule),
    ...BURN_WINDOWS.flatMap(shareRules),
    ...BURN_WINDOWS.map((window) => burnRule("availabilityBurn", "failedShare", thresholds.availabilityBudget, window)),
    ...BURN_WINDOWS.map((window) => burnRule("goodBurn", "badShare", thresholds.goodBudget, window)),
  ];
}

function throughputRules(): RecordingRule[] {
  const hourly = (offset?: string) => {
    const range = series(metrics.inferencePredictions).range("1h");
    return sum(rate(offset === undefined ? range : range.offset(offset))).by(MODEL);
  };
  const weeks = SEASON_WEEKS.map((week) => withLabel(hourly(`${week}w`), "week", String(week)));
  const [first, ...others] = weeks;
  const all = others.reduce<BinaryExprBuilder | typeof first>((left, right) => or(left!, right), first);
  return [
    {
      record: recorded.throughput,
      expression: hourly().toString(),
      meaning: "Predictions a second over the last hour.",
    },
    {
      record: recorded.usualThroughput,
      expression: avg(all!).by(MODEL).toString(),
      meaning: "The same, as the mean of this hour of up to four weeks before.",
    },
  ];
}

/** From the classic buckets; where the service sends exponential histograms, from the native histogram. */
function latencyRule(quantile: 95 | 99): RecordingRule {
  const buckets = sum(rate(vector(`${prometheusName(metrics.inferenceDuration)}_bucket`).range("5m"))).by([
    "le",
    ...MODEL,
  ]);
  const native = sum(rate(series(metrics.inferenceDuration).range("5m"))).by(MODEL);
  return {
    record: recorded.latency(quantile),
    expression: or(histogramQuantile(quantile / 100, buckets), histogramQuantile(quantile / 100, native)).toString(),
    meaning: `Seconds that ${quantile} of 100 calls took at most.`,
  };
}

function shareRules(window: BurnWindow): RecordingRule[] {
  const count = (labels = {}) => sum(rate(series(metrics.inferencePredictions, labels).range(window))).by(MODEL);
  // Without any failure there is no series of failures: then it is 0 of what there is.
  const failed = or(count(FAILED), mul(count(), n(0)));
  const calls = (suffix: string, le?: number) => {
    const range = vector(`${prometheusName(metrics.inferenceDuration)}_${suffix}`);
    return sum(rate((le === undefined ? range : range.label("le", String(le))).range(window))).by(MODEL);
  };
  const late = sub(n(1), div(calls("bucket", LATE_SECONDS), calls("count")));
  const failedShare = vector(recorded.failedShare(window));
  return [
    {
      record: recorded.failedShare(window),
      expression: div(failed, count()).toString(),
      meaning: `Share of predictions that failed, over ${window}.`,
    },
    {
      record: recorded.badShare(window),
      // Failed, or answered late; a service without classic buckets is judged by its failures alone.
      expression: or(add(failedShare, mul(sub(n(1), failedShare), late)), failedShare).toString(),
      meaning: `Share of predictions that failed or came later than ${LATE_SECONDS} s, over ${window}.`,
    },
  ];
}

function burnRule(
  burn: "availabilityBurn" | "goodBurn",
  share: "failedShare" | "badShare",
  budget: Threshold,
  window: BurnWindow,
): RecordingRule {
  const spent = vector(recorded[share](window));
  return {
    record: recorded[burn](window),
    expression: div(spent, scalar(vector(budget.record))).toString(),
    meaning: `How many times faster than allowed the budget was spent over ${window}.`,
  };
}
