import type { Problem } from "../records/rejections.ts";
import type { KnownMetric } from "./known-metrics.ts";
import type { ExponentialDraft, MetricDraft, PointDraft } from "./point-draft.ts";

/** Boundaries of one histogram; profiles have at most 160. */
const MAX_BOUNDARIES = 4_096;

/** Buckets of one sign of an exponential histogram; SDKs keep 160. */
const MAX_EXPONENTIAL_BUCKETS = 1_024;
/** Beyond every exponent of a double, subnormal numbers among them. */
const MAX_EXPONENT = 1_100;
const SCALES = { lowest: -10, highest: 20 } as const;

/** Why the numbers of a point cannot be taken, or null. */
export function checkValues(metric: MetricDraft, point: PointDraft, known: KnownMetric): Problem | null {
  if (point.exponential !== null) return checkExponential(metric.name, point, point.exponential);
  return metric.kind === "histogram" ? checkHistogram(metric.name, point) : checkNumber(metric.name, point, known);
}

function checkExponential(name: string, { count, sum }: PointDraft, exponential: ExponentialDraft): Problem | null {
  const { scale, zeroCount, zeroThreshold, positive, negative } = exponential;
  if (!Number.isInteger(scale) || scale < SCALES.lowest || scale > SCALES.highest) {
    return malformed(
      name,
      `has the scale ${scale}; expected a whole number from ${SCALES.lowest} to ${SCALES.highest}`,
    );
  }
  for (const { offset, counts } of [positive, negative]) {
    if (counts.length > MAX_EXPONENTIAL_BUCKETS) {
      return malformed(name, `has ${counts.length} buckets of one sign; expected at most ${MAX_EXPONENTIAL_BUCKETS}`);
    }
    if (Math.max(Math.abs(offset), Math.abs(offset + counts.length)) / 2 ** scale > MAX_EXPONENT) {
      return malformed(
        name,
        `has the offset ${offset} at scale ${scale}; expected buckets of numbers that a double holds`,
      );
    }
  }
  if (!(zeroThreshold >= 0 && Number.isFinite(zeroThreshold))) {
    return malformed(name, `has the zero_threshold ${zeroThreshold}; expected a finite number of at least 0`);
  }
  const total = [...positive.counts, ...negative.counts].reduce((left, right) => left + right, zeroCount);
  if (total !== count) {
    return malformed(name, `has a count of ${count} and buckets that sum to ${total}; expected them to be equal`);
  }
  return checkSum(name, sum);
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
    return malformed(name, `has ${boundaries.length} boundaries; expected at most ${MAX_BOUNDARIES}`);
  }
  if (bucketCounts.length !== boundaries.length + 1 && (bucketCounts.length > 0 || boundaries.length > 0)) {
    return malformed(
      name,
      `has ${bucketCounts.length} bucket counts and ${boundaries.length} boundaries; expected one count more than boundaries`,
    );
  }
  for (let index = 0; index < boundaries.length; index++) {
    const boundary = boundaries[index]!;
    if (!Number.isFinite(boundary) || (index > 0 && boundary <= boundaries[index - 1]!)) {
      return malformed(
        name,
        `has the boundary ${boundary} at index ${index}; expected finite, strictly ascending boundaries`,
      );
    }
  }
  const total = bucketCounts.reduce((left, right) => left + right, 0n);
  if (bucketCounts.length > 0 && total !== count) {
    return malformed(name, `has a count of ${count} and buckets that sum to ${total}; expected them to be equal`);
  }
  return checkSum(name, sum);
}

function checkSum(name: string, sum: number | null): Problem | null {
  if (sum === null || Number.isFinite(sum)) return null;
  return { reason: "not_finite", example: `the sum of ${name} is ${sum}; expected a finite number` };
}

function malformed(name: string, found: string): Problem {
  return { reason: "histogram_malformed", example: `${name} ${found}` };
}
