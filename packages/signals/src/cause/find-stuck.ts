import type { ProfileField } from "@tidemark/schema";
import { numberText, percentText } from "../number-text.ts";
import { driftedShares, type FeatureShares, type FindSuspect, largestBy } from "./cause-context.ts";

/** Growth of one bin's share that makes a field with many values look stuck. */
const GROWTH = 0.2;
/** Bins that a numeric field needs for the rule of growth; with fewer a swing of 20 points is ordinary. */
const MINIMUM_BINS = 10;
/** Share of one bin at which any field is stuck. */
const NEARLY_ALL = 0.95;

/** Largest distance between the other bins and the reference's other bins; beyond it the whole distribution moved. */
const REST_KS = 0.15;

/**
 * A feature that repeats one value (ESTIMATION 2.4): one bin gained 20 points (numeric, more than 10 bins)
 * while the other rows stayed as they were, or holds 95 % of the rows and gained at least 20 points. The open bins at both ends of a numeric field do not count: rows pile
 * up there for other reasons, a change of unit above all. Only features whose drift is raised are looked at.
 */
export const findStuck: FindSuspect = (of) => {
  const stuck = driftedShares(of).flatMap((shares) => {
    const bin = largestBy(innerBins(shares), (index) => shares.window[index]! - shares.reference[index]!);
    if (bin === undefined) return [];
    const share = shares.window[bin]!;
    const growth = share - shares.reference[bin]!;
    const many = shares.field.kind === "numeric" && shares.field.boundaries.length > MINIMUM_BINS;
    const alone = share >= NEARLY_ALL || (many && restDistance(shares, bin) < REST_KS);
    return growth >= GROWTH && alone ? [{ shares, bin, share, growth }] : [];
  });
  const worst = largestBy(stuck, (candidate) => candidate.growth);
  if (worst === undefined) return null;
  const { field, reference } = worst.shares;
  return {
    touchedRatio: worst.growth,
    cause: {
      kind: "stuck",
      target: field.name,
      explanation:
        `${percentText(worst.share)} of the values of ${field.name} are ${binText(field, worst.bin)}, ` +
        `${percentText(reference[worst.bin]!)} in the reference: the feature repeats one value.`,
    },
  };
};

function innerBins({ field, window }: FeatureShares): number[] {
  const indexes = window.map((_, index) => index);
  return field.kind === "numeric" ? indexes.slice(1, -1) : indexes;
}

/** Kolmogorov-Smirnov distance of window and reference when one bin is taken out of both. */
function restDistance({ window, reference }: FeatureShares, without: number): number {
  const rest = (shares: readonly number[], bin: number) =>
    bin === without ? 0 : shares[bin]! / (1 - shares[without]!);
  let difference = 0;
  let largest = 0;
  for (let bin = 0; bin < window.length; bin++) {
    difference += rest(window, bin) - rest(reference, bin);
    largest = Math.max(largest, Math.abs(difference));
  }
  return largest;
}

function binText(field: ProfileField, bin: number): string {
  if (field.kind === "categorical") return field.categories[bin] ?? "outside the named categories";
  return `in (${numberText(field.boundaries[bin - 1]!)}, ${numberText(field.boundaries[bin]!)}]`;
}
