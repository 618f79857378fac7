import type { NumericField } from "@tidemark/schema";
import { numberText } from "../number-text.ts";
import { driftedShares, type FeatureShares, type FindSuspect, largestBy } from "./cause-context.ts";

/** Factors between units that people mix up (ESTIMATION 2.4); each also the other way round. */
const FACTORS = [1000, 100, 10, 1e6, 60, 3600, 24, 1.609344, 3.28084, 2.20462, 2.54, 4];

/** KS distance that mapping the reference by the factor must reach, and its share of the distance before. */
const MATCH_KS = 0.1;
const MATCH_RATIO = 0.3;

/** Share of the rows that must lie within the boundaries, where a factor can be told from others. */
const RESOLVED_SHARE = 0.5;

interface UnitChange {
  readonly name: string;
  readonly factor: number;
  readonly before: number;
  readonly after: number;
}

/**
 * A numeric feature whose values are the reference's in another unit: multiplying the reference by a known factor
 * brings the Kolmogorov-Smirnov distance below 0.1 and below 0.3 of what it was. Both are read from the fine bins, the
 * reference's distribution function linear within a bin. Only features whose drift is raised are tried, and
 * only where at least half of the rows lie within the boundaries, since nothing tells 100 from 1000 beyond them.
 */
export const findUnitChange: FindSuspect = (of) => {
  const changes = driftedShares(of).flatMap((shares) => unitChangeOf(shares) ?? []);
  const clearest = largestBy(changes, (change) => change.before - change.after);
  if (clearest === undefined) return null;
  return {
    touchedRatio: 1,
    cause: {
      kind: "unit_change",
      target: clearest.name,
      explanation:
        `${clearest.name} looks like the reference multiplied by ${numberText(clearest.factor)}: the Kolmogorov-Smirnov ` +
        `distance is ${numberText(clearest.before)}, and ${numberText(clearest.after)} against the reference in that unit.`,
    },
  };
};

function unitChangeOf({ field, window, reference }: FeatureShares): UnitChange | null {
  if (field.kind !== "numeric" || field.boundaries.length < 2) return null;
  if (1 - window[0]! - window.at(-1)! < RESOLVED_SHARE) return null;
  const distance = (factor: number) => mappedDistance(field, window, reference, factor);
  const before = distance(1);
  const best = largestBy(
    FACTORS.flatMap((factor) => [factor, 1 / factor]),
    (factor) => -distance(factor),
  )!;
  const after = distance(best);
  if (after >= MATCH_KS || after >= MATCH_RATIO * before) return null;
  return { name: field.name, factor: best, before, after };
}

/** Largest gap at a boundary b between the window's distribution and that of the reference times `factor`. */
function mappedDistance(
  field: NumericField,
  window: readonly number[],
  reference: readonly number[],
  factor: number,
): number {
  const distribution = referenceDistribution(field, reference);
  let cumulative = 0;
  let largest = 0;
  field.boundaries.forEach((boundary, index) => {
    cumulative += window[index]!;
    largest = Math.max(largest, Math.abs(cumulative - distribution(boundary / factor)));
  });
  return largest;
}

/** The reference's distribution function, linear between boundaries, 0 below its minimum and 1 from its maximum on. */
function referenceDistribution(field: NumericField, reference: readonly number[]): (value: number) => number {
  const { boundaries } = field;
  const cumulative: number[] = [];
  let sum = 0;
  for (const share of reference) {
    sum += share;
    cumulative.push(sum);
  }
  return (value) => {
    if (value >= field.max) return 1;
    if (value < field.min) return 0;
    const upper = boundaries.findIndex((boundary) => boundary >= value);
    if (upper <= 0) return upper === 0 ? cumulative[0]! : 1;
    const low = boundaries[upper - 1]!;
    const part = (value - low) / (boundaries[upper]! - low);
    return cumulative[upper - 1]! + part * (cumulative[upper]! - cumulative[upper - 1]!);
  };
}
