import { attr, type MonitorState, metric } from "@tidemark/semconv";
import { totalOf } from "../field-of.ts";
import { createFinding } from "../finding.ts";
import { numberText } from "../number-text.ts";
import type { Finding, WindowAggregate } from "../window-aggregate.ts";

/** Earlier windows without which there is nothing to expect. */
const MINIMUM_EARLIER_WINDOWS = 2;

/** Shares of the expected number of predictions: less warns, less is critical, more warns. */
const WARNING_SHARE = 0.5;
const CRITICAL_SHARE = 0.3;
const SURGE_SHARE = 2;

/** A change must also be this many standard deviations of an overdispersed Poisson count away. */
const SIGNIFICANT_DEVIATIONS = 4;

/**
 * Are there about as many predictions as in the same window of the weeks before?
 *
 * Expected: the median of up to four earlier windows. Standard deviation: `sqrt(expected phi (1 + 1/k))`, with phi the
 * dispersion of the k earlier counts (variance over mean, at least 1 as for Poisson counts).
 * `warning` below half or above twice the expected number, `critical` below 30 % (ESTIMATION 2.4's silence), each only
 * when at least 4 standard deviations away; `no_data` when an expected window is empty; `insufficient_data` with fewer
 * than two earlier windows.
 */
export function judgeVolume(aggregate: WindowAggregate): Finding {
  const { predictions, earlierPredictions: earlier } = aggregate;
  const expected = medianOf(earlier);
  const judged = earlier.length >= MINIMUM_EARLIER_WINDOWS && expected > 0;
  const deviations = judged ? (predictions - expected) / standardDeviation(earlier, expected) : 0;
  return createFinding({
    target: { kind: "dataset", name: "volume" },
    metric: metric.windowSampleCount,
    attributes: { [attr.qualityRule]: "volume" },
    value: predictions,
    state: judged ? volumeState(predictions / expected, deviations) : "insufficient_data",
    threshold: judged ? expected * WARNING_SHARE : null,
    evidence: {
      numbers: judged ? { expected, deviations, earlierWindows: earlier.length } : { earlierWindows: earlier.length },
      note: judged
        ? `expected about ${numberText(expected)}, the median of the same window in the weeks before`
        : `needs ${MINIMUM_EARLIER_WINDOWS} earlier windows with predictions; there are ${earlier.length}`,
      bins: null,
    },
    count: predictions,
    effective: aggregate.effectivePredictions,
  });
}

function volumeState(share: number, deviations: number): MonitorState {
  if (Math.abs(deviations) < SIGNIFICANT_DEVIATIONS) return "ok";
  if (share === 0) return "no_data";
  if (share < CRITICAL_SHARE) return "critical";
  return share < WARNING_SHARE || share > SURGE_SHARE ? "warning" : "ok";
}

function standardDeviation(earlier: readonly number[], expected: number): number {
  const mean = totalOf(earlier) / earlier.length;
  const squares = totalOf(earlier.map((count) => (count - mean) ** 2));
  const dispersion = Math.max(1, squares / (earlier.length - 1) / mean);
  return Math.sqrt(expected * dispersion * (1 + 1 / earlier.length));
}

/** Median; 0 for an empty list. */
function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return 0;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
