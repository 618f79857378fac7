import type { Measurement } from "@tidemark/schema";
import { attr, metric } from "@tidemark/semconv";
import { percentText, scoreText, secondsText } from "../report/number-text.ts";
import { seriesOf, windowAxis } from "../report/window-axis.ts";
import type { ScoreReview } from "./review-data.ts";
import type { ReviewPeriod } from "./review-period.ts";

interface Reviewed {
  readonly metric: string;
  readonly title: string;
  readonly format: (value: number | null) => string;
  /** What a larger value is; null where it is neither. */
  readonly larger: "better" | "worse" | null;
}

/** In the order in which they are told; what was not measured is left out. */
const REVIEWED: readonly Reviewed[] = [
  { metric: metric.performanceRocAuc, title: "ROC AUC", format: scoreText, larger: "better" },
  { metric: metric.performanceAccuracy, title: "Accuracy", format: scoreText, larger: "better" },
  { metric: metric.performanceF1, title: "F1", format: scoreText, larger: "better" },
  { metric: metric.performanceLogLoss, title: "Log loss", format: scoreText, larger: "worse" },
  { metric: metric.performanceMae, title: "Mean absolute error", format: scoreText, larger: "worse" },
  { metric: metric.performanceRmse, title: "Root mean squared error", format: scoreText, larger: "worse" },
  { metric: metric.performanceOutcomeRate, title: "Outcome rate", format: percentText, larger: null },
  { metric: metric.outcomeCoverage, title: "Label coverage", format: percentText, larger: "better" },
  { metric: metric.outcomeDelay, title: "Label delay, median", format: secondsText, larger: "worse" },
  { metric: metric.serviceErrorRatio, title: "Failed predictions", format: percentText, larger: "worse" },
];

const MAX_TREND = 26;

/** The values that a review tells of a model, each with its change since an earlier window. */
export function reviewScores(measurements: readonly Measurement[], { from }: ReviewPeriod): ScoreReview[] {
  const axis = windowAxis(measurements).slice(-MAX_TREND);
  const whole = measurements.filter(isOfWholeModel);
  return REVIEWED.flatMap((reviewed) => {
    // All that is known, however far back: only the trend is cut.
    const valued = valuesOf(whole, reviewed.metric);
    const now = valued.findLast(({ window }) => window.end > from);
    if (now === undefined) return [];
    const earliest = valued[0] === now ? null : valued[0]!;
    const before = valued.findLast(({ window }) => window.end <= from) ?? earliest;
    return [
      {
        title: reviewed.title,
        format: reviewed.format,
        value: now.value!,
        interval: intervalOf(now),
        state: now.state,
        reference: now.evidence.numbers["reference"] ?? null,
        before: before?.value ?? null,
        change: changeText(reviewed, now, before),
        trend: seriesOf(whole, axis, reviewed).map((found) => found?.value ?? null),
      },
    ];
  });
}

/** One measurement a window that has a value, in order of time. */
function valuesOf(measurements: readonly Measurement[], name: string): Measurement[] {
  const valued = measurements.filter(({ metric: own, value }) => own === name && value !== null);
  const byStart = new Map(valued.map((found) => [found.window.start, found]));
  return [...byStart.values()].toSorted((a, b) => (a.window.start < b.window.start ? -1 : 1));
}

/**
 * The change in words. It is called a change only where the two 95 % intervals lie apart, which is stricter than a test
 * at 5 %; values without an interval are only told.
 */
function changeText({ format, larger }: Reviewed, now: Measurement, before: Measurement | null): string {
  if (before === null) return "no earlier window";
  const difference = now.value! - before.value!;
  if (difference === 0) return "unchanged";
  const amount = `${difference > 0 ? "up" : "down"} ${format(Math.abs(difference))}`;
  const [own, other] = [intervalOf(now), intervalOf(before)];
  if (own === null || other === null) return amount;
  if (own[0] <= other[1] && other[0] <= own[1]) return `${amount}, within the noise`;
  if (larger === null) return amount;
  return `${amount}: ${difference > 0 === (larger === "better") ? "better" : "worse"}`;
}

/** Measured on all rows and on known outcomes, not on a segment and not estimated; of quantiles, the median. */
function isOfWholeModel({ target, attributes }: Measurement): boolean {
  return (
    target.kind !== "segment" &&
    (attributes[attr.estimateSource] ?? "realized") === "realized" &&
    (attributes[attr.quantile] ?? "0.5") === "0.5"
  );
}

function intervalOf({ lower, upper }: Measurement): readonly [number, number] | null {
  return lower === null || upper === null ? null : [lower, upper];
}
