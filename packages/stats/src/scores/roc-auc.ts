import { type Estimate, NO_ESTIMATE, NORMAL_95 } from "./estimate.ts";
import { requireRankedRows } from "./weighted-rows.ts";

/** Scores of the positive class with the truth. */
export interface RankedRow {
  readonly score: number;
  readonly positive: boolean;
  readonly weight: number;
  /** Sum of the squared weights of the rows this one stands for. */
  readonly squaredWeight: number;
}

/** Below these an area is an end of [0, 1], a variance 0: what is left is rounding. */
const AREA_ROUNDING = 1e-13;
const VARIANCE_ROUNDING = 1e-24;

interface ClassTotals {
  weight: number;
  squared: number;
}

/**
 * Area under the ROC curve: P(score of a positive row > score of a negative row) + P(equal) / 2, weighted.
 *
 * The standard error is DeLong's, with weights: for class c, n/(n-1) sum(w^2 (V - AUC)^2) / (sum w)^2 over its rows,
 * V the share of the other class that the row ranks correctly against, n the effective size. The 95 % interval is normal on the logit
 * scale, so it stays in (0, 1); where DeLong's variance is zero (perfect separation, one row a class) it is Newcombe's.
 *
 * @param rows any order; finite scores. O(n log n).
 * @returns nulls where a class is missing.
 * @throws RangeError naming the row whose score is not finite or whose weight is negative.
 * Sources: E. DeLong, D. DeLong, D. Clarke-Pearson, Biometrics 44 (1988), doi:10.2307/2531595;
 * R. Newcombe, Statistics in Medicine 25 (2006), method 5, doi:10.1002/sim.2324.
 * @example rocAuc([{ score: 0.2, positive: false, ... }, { score: 0.9, positive: true, ... }]).value // 1
 */
export function rocAuc(rows: readonly RankedRow[]): Estimate {
  requireRankedRows(rows);
  const sorted = rows.filter((row) => row.weight > 0).sort((a, b) => a.score - b.score);
  const positive = totals(sorted, true);
  const negative = totals(sorted, false);
  if (positive.weight === 0 || negative.weight === 0) return NO_ESTIMATE;
  const ranked = rankAgainstOtherClass(sorted, positive.weight, negative.weight);
  let area = 0;
  sorted.forEach((row, i) => {
    if (row.positive) area += row.weight * ranked[i]!;
  });
  const value = withoutRounding(area / positive.weight);
  const sizes = [positive, negative].map(({ weight, squared }) => (weight * weight) / squared) as [number, number];
  const variance = delongVariance(sorted, ranked, value, { positive, negative });
  const standardError = Math.sqrt(variance ?? hanleyMcNeilVariance(value, sizes));
  const interval =
    variance !== null && variance > VARIANCE_ROUNDING && value > 0 && value < 1
      ? logitInterval(value, standardError)
      : newcombeInterval(value, sizes);
  return { value, lower: interval[0], upper: interval[1], standardError };
}

/** An area with what each row adds to its error. */
export interface AucInfluence {
  readonly value: number;
  /** One a row, in the order given: (V - AUC) / weight of the row's class, V as in DeLong's variance. */
  readonly influence: Float64Array;
}

/**
 * Area under the ROC curve for averages over several: its variance is sum(squaredWeight influence^2), and influences of areas over the
 * same rows add before they are squared. Null where a class is missing.
 */
export function aucInfluence(rows: readonly RankedRow[]): AucInfluence | null {
  const order = rows.map((_, i) => i).sort((a, b) => rows[a]!.score - rows[b]!.score);
  const sorted = order.map((i) => rows[i]!);
  const positive = totals(sorted, true).weight;
  const negative = totals(sorted, false).weight;
  if (!(positive > 0 && negative > 0)) return null;
  const ranked = rankAgainstOtherClass(sorted, positive, negative);
  let area = 0;
  sorted.forEach((row, i) => {
    if (row.positive) area += row.weight * ranked[i]!;
  });
  const value = withoutRounding(area / positive);
  const influence = new Float64Array(rows.length);
  order.forEach((row, i) => {
    influence[row] = (ranked[i]! - value) / (sorted[i]!.positive ? positive : negative);
  });
  return { value, influence };
}

/** 95 % interval that is normal on the logit scale; the ends themselves for an area of 0 or 1. */
export function aucInterval(area: number, standardError: number): [number, number] {
  return area > 0 && area < 1 ? logitInterval(area, standardError) : [area, area];
}

function withoutRounding(area: number): number {
  if (area < AREA_ROUNDING) return 0;
  return area > 1 - AREA_ROUNDING ? 1 : area;
}

function totals(rows: readonly RankedRow[], positive: boolean): ClassTotals {
  const sum: ClassTotals = { weight: 0, squared: 0 };
  for (const row of rows) {
    if (row.positive !== positive) continue;
    sum.weight += row.weight;
    sum.squared += row.squaredWeight;
  }
  return sum;
}

/** Per row, the share of the other class that it is ranked correctly against; ties count one half. */
function rankAgainstOtherClass(sorted: readonly RankedRow[], positive: number, negative: number): Float64Array {
  const ranked = new Float64Array(sorted.length);
  let positiveBelow = 0;
  let negativeBelow = 0;
  for (let start = 0; start < sorted.length; ) {
    let end = start;
    let tiedPositive = 0;
    let tiedNegative = 0;
    for (; end < sorted.length && sorted[end]!.score === sorted[start]!.score; end++) {
      if (sorted[end]!.positive) tiedPositive += sorted[end]!.weight;
      else tiedNegative += sorted[end]!.weight;
    }
    const forPositive = (negativeBelow + tiedNegative / 2) / negative;
    const forNegative = 1 - (positiveBelow + tiedPositive / 2) / positive;
    for (let i = start; i < end; i++) ranked[i] = sorted[i]!.positive ? forPositive : forNegative;
    positiveBelow += tiedPositive;
    negativeBelow += tiedNegative;
    start = end;
  }
  return ranked;
}

/** Null where a class has the effective size of one row. */
function delongVariance(
  sorted: readonly RankedRow[],
  ranked: Float64Array,
  area: number,
  { positive, negative }: { positive: ClassTotals; negative: ClassTotals },
): number | null {
  let ofPositive = 0;
  let ofNegative = 0;
  sorted.forEach((row, i) => {
    const squared = row.squaredWeight * (ranked[i]! - area) ** 2;
    if (row.positive) ofPositive += squared;
    else ofNegative += squared;
  });
  const correction = ({ weight, squared }: ClassTotals) => weight * weight - squared;
  if (!(correction(positive) > 1e-12 * positive.weight ** 2 && correction(negative) > 1e-12 * negative.weight ** 2)) {
    return null;
  }
  return ofPositive / correction(positive) + ofNegative / correction(negative);
}

/** Variance of the area under exponential scores, with Newcombe's balanced sizes. */
function hanleyMcNeilVariance(area: number, [positive, negative]: readonly [number, number]): number {
  const others = (positive + negative) / 2 - 1;
  const pairs = others * ((1 - area) / (2 - area) + area / (1 + area));
  return (area * (1 - area) * (1 + pairs)) / (positive * negative);
}

export function logitInterval(area: number, standardError: number): [number, number] {
  const logit = Math.log(area / (1 - area));
  const half = (NORMAL_95 * standardError) / (area * (1 - area));
  return [1 / (1 + Math.exp(half - logit)), 1 / (1 + Math.exp(-half - logit))];
}

/** All areas A whose distance from the one found is at most z times the standard error at A; by bisection. */
export function newcombeInterval(area: number, sizes: readonly [number, number]): [number, number] {
  const accepted = (candidate: number) =>
    Math.abs(area - candidate) <= NORMAL_95 * Math.sqrt(hanleyMcNeilVariance(candidate, sizes));
  return [outermost(area, 0, accepted), outermost(area, 1, accepted)];
}

function outermost(inside: number, end: number, accepted: (candidate: number) => boolean): number {
  if (inside === end) return end;
  let kept = inside;
  let rejected = end;
  for (let step = 0; step < 60; step++) {
    const middle = (kept + rejected) / 2;
    if (accepted(middle)) kept = middle;
    else rejected = middle;
  }
  return kept;
}
