import type { Problem } from "../records/rejections.ts";
import type { KnownMetric } from "./known-metrics.ts";
import type { MetricDraft, PointDraft } from "./point-draft.ts";

/** Boundaries of one histogram; profiles have at most 160. */
const MAX_BOUNDARIES = 4_096;

/** Why the numbers of a point cannot be taken, or null. */
export function checkValues(metric: MetricDraft, point: PointDraft, known: KnownMetric): Problem | null {
  return metric.kind === "histogram" ? checkHistogram(metric.name, point) : checkNumber(metric.name, point, known);
}

function checkNumber(name: string, { value }: PointDraft, known: KnownMetric): Problem | null {
  if (typeof value === "number" && !Number.isFinite(value)) {
    return { reason: "not_finite", example: `the value of ${name} is ${value}; expected a finite number` };
  }
  if (known.isMonotonic && value < 0) {
    return { reason: "negative_count", example: `the value of ${name} is ${value}; expected a counter of at least 0` };
  }
  return null;
}

function checkHistogram(name: string, { boundaries, bucketCounts, count, sum }: PointDraft): Problem | null {
  if (boundaries.length > MAX_BOUNDARIES) {
    return malformed(`has ${boundaries.length} boundaries; expected at most ${MAX_BOUNDARIES}`);
  }
  if (bucketCounts.length !== boundaries.length + 1 && (bucketCounts.length > 0 || boundaries.length > 0)) {
    return malformed(
      `has ${bucketCounts.length} bucket counts and ${boundaries.length} boundaries; expected one count more than boundaries`,
    );
  }
  for (let index = 0; index < boundaries.length; index++) {
    const boundary = boundaries[index]!;
    if (!Number.isFinite(boundary) || (index > 0 && boundary <= boundaries[index - 1]!)) {
      return malformed(
        `has the boundary ${boundary} at index ${index}; expected finite, strictly ascending boundaries`,
      );
    }
  }
  const total = bucketCounts.reduce((left, right) => left + right, 0n);
  if (bucketCounts.length > 0 && total !== count) {
    return malformed(`has a count of ${count} and buckets that sum to ${total}; expected them to be equal`);
  }
  if (sum !== null && !Number.isFinite(sum)) {
    return { reason: "not_finite", example: `the sum of ${name} is ${sum}; expected a finite number` };
  }
  return null;

  function malformed(found: string): Problem {
    return { reason: "histogram_malformed", example: `${name} ${found}` };
  }
}
