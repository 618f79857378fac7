import type { NumericField } from "@tidemark/schema";
import { totalOf } from "../field-of.ts";

/** Interquartile ranges beyond the quartiles: Tukey's outer fences. */
const REACH = 3;

const known = new WeakMap<NumericField, readonly boolean[]>();

/**
 * For each bin of a numeric field, whether all its values are outliers: beyond the outer fences Q1 - 3 IQR and Q3 + 3 IQR
 * of the reference, or beyond all that the reference held. The quartiles are the boundaries at which a quarter of the
 * reference's values is passed, so the fences are as exact as the bins (some 120 quantiles).
 * Source: Tukey, Exploratory Data Analysis, 1977.
 */
export function beyondFences(field: NumericField): readonly boolean[] {
  let bins = known.get(field);
  if (bins === undefined) {
    bins = findOutlierBins(field);
    known.set(field, bins);
  }
  return bins;
}

function findOutlierBins({ boundaries, counts, min, max }: NumericField): boolean[] {
  const [first, third] = [quantile(boundaries, counts, 0.25), quantile(boundaries, counts, 0.75)];
  const reach = REACH * (third - first);
  // Half of the values alike leave no range to measure by: then only what the reference never held counts.
  const [lowest, highest] = reach > 0 ? [first - reach, third + reach] : [min, max];
  return counts.map((_, bin) => {
    const from = bin === 0 ? Number.NEGATIVE_INFINITY : boundaries[bin - 1]!;
    const to = bin === boundaries.length ? Number.POSITIVE_INFINITY : boundaries[bin]!;
    return to < Math.max(lowest, min) || from >= Math.min(highest, max);
  });
}

/** The upper edge of the bin in which the share `p` of all counts is reached. */
function quantile(boundaries: readonly number[], counts: readonly number[], p: number): number {
  const wanted = p * totalOf(counts);
  let passed = 0;
  for (const [bin, count] of counts.entries()) {
    passed += count;
    if (passed >= wanted) return boundaries[Math.min(bin, boundaries.length - 1)]!;
  }
  return boundaries.at(-1)!;
}
