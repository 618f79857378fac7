import type { BucketDraft, ExponentialDraft } from "./point-draft.ts";

/** Histogram bins (boundaries[i - 1], boundaries[i]], the outermost open. */
export interface ExplicitBuckets {
  readonly boundaries: number[];
  readonly bucketCounts: bigint[];
}

/** Bucket ranges are widened to multiples of this, so that a series that grows has few different boundary lists. */
const ALIGNMENT = 32;
/** Exponents at which 2^x is a normal double. */
const MIN_EXPONENT = -1_022;
const MAX_EXPONENT = 1_023;

/**
 * The buckets of an exponential histogram as explicit ones, count for count. With base = 2^(2^-scale), bucket i of the
 * positive range holds (base^i, base^(i+1)] (OpenTelemetry data model, "ExponentialHistogram"). The same edge is the same
 * double at every scale, so that a coarser list is part of a finer one. What lies beyond a range is empty, and so is what
 * lies between zero and the first bucket.
 *
 * A value on an edge belongs to the bin below it here, while a negative bucket has its upper edge, in magnitude, inside: a
 * negative value that is exactly an edge stands one bin too high. Magnitudes beyond the normal doubles are in the outer
 * or the zero bin.
 */
export function explicitBuckets({
  scale,
  zeroCount,
  zeroThreshold,
  positive,
  negative,
}: ExponentialDraft): ExplicitBuckets {
  const boundaries: number[] = [];
  const bucketCounts: bigint[] = [];
  const below = magnitudes(negative, scale, zeroThreshold);
  const above = magnitudes(positive, scale, zeroThreshold);
  for (let bin = below.edges.length - 1; bin >= 0; bin--) {
    boundaries.push(-below.edges[bin]!);
    bucketCounts.push(below.counts[bin + 1]!);
  }
  if (zeroThreshold > 0) {
    boundaries.push(-zeroThreshold);
    bucketCounts.push(below.counts[0]!);
  }
  boundaries.push(zeroThreshold);
  bucketCounts.push(zeroThreshold > 0 ? zeroCount : zeroCount + below.counts[0]!);
  for (let bin = 0; bin < above.edges.length; bin++) {
    boundaries.push(above.edges[bin]!);
    bucketCounts.push(above.counts[bin]!);
  }
  bucketCounts.push(above.counts[above.edges.length]!);
  return { boundaries, bucketCounts };
}

/** Edges of one sign, ascending, and the counts below, between and above them; edges within the zero bucket are left out. */
function magnitudes(
  { offset, counts }: BucketDraft,
  scale: number,
  zeroThreshold: number,
): { edges: number[]; counts: bigint[] } {
  const edges: number[] = [];
  const sums: bigint[] = [0n];
  if (counts.length === 0) return { edges, counts: sums };
  const first = Math.floor(offset / ALIGNMENT) * ALIGNMENT;
  const end = Math.ceil((offset + counts.length) / ALIGNMENT) * ALIGNMENT;
  for (let index = first; index <= end; index++) {
    const exponent = index / 2 ** scale;
    if (exponent >= MIN_EXPONENT && exponent <= MAX_EXPONENT && 2 ** exponent > zeroThreshold) {
      edges.push(2 ** exponent);
      sums.push(0n);
    }
    sums[edges.length]! += counts[index - offset] ?? 0n;
  }
  return { edges, counts: sums };
}
