import type { ProfileField } from "@tidemark/schema";
import { attr } from "@tidemark/semconv";
import { numberText, percentText } from "../number-text.ts";
import { judgeStuck } from "../quality/judge-stuck.ts";
import {
  type CauseContext,
  driftedShares,
  type FeatureShares,
  type FindSuspect,
  largestBy,
  namesOf,
  sharesOf,
} from "./cause-context.ts";

/** Growth of one bin's share that makes a field with many values look stuck. */
const GROWTH = 0.2;
/** Bins that a numeric field needs for the rule of growth; with fewer a swing of 20 points is ordinary. */
const MINIMUM_BINS = 10;
/** Share of one bin at which any field is stuck. */
const NEARLY_ALL = 0.95;

/** Largest distance between the other bins and the reference's other bins; beyond it the whole distribution moved. */
const REST_KS = 0.15;

/** A feature that repeats one value: as its bins tell, or the values themselves. */
export const findStuck: FindSuspect = (of) => {
  const worst = largestBy([...stuckBin(of), ...stuckValue(of)], ({ growth }) => growth);
  if (worst === undefined) return null;
  const { name, share, before, what, growth } = worst;
  return {
    touchedRatio: growth,
    cause: {
      kind: "stuck",
      target: name,
      explanation: `${percentText(share)} of the values of ${name} are ${what}, ${percentText(before)} in the reference: the feature repeats one value.`,
    },
  };
};

interface StuckFeature {
  readonly name: string;
  readonly share: number;
  /** Share in the reference. */
  readonly before: number;
  readonly what: string;
  readonly growth: number;
}

/**
 * ESTIMATION 2.4: one bin gained 20 points (numeric, more than 10 bins)
 * while the other rows stayed as they were, or holds 95 % of the rows and gained at least 20 points. The open bins at both ends of a numeric field do not count: rows pile
 * up there for other reasons, a change of unit above all. Only features whose drift is raised are looked at.
 */
function stuckBin(of: CauseContext): StuckFeature[] {
  return driftedShares(of).flatMap((shares) => {
    const { field } = shares;
    const bin = largestBy(innerBins(shares), (index) => shares.window[index]! - shares.reference[index]!);
    if (bin === undefined) return [];
    const share = shares.window[bin]!;
    const before = shares.reference[bin]!;
    const growth = share - before;
    const many = field.kind === "numeric" && field.boundaries.length > MINIMUM_BINS;
    const alone = share >= NEARLY_ALL || (many && restDistance(shares, bin) < REST_KS);
    if (growth < GROWTH || !alone) return [];
    return [{ name: field.name, share, before, what: binText(field, bin), growth }];
  });
}

/**
 * The rule `stuck` speaks of one number that holds more of the rows than it ever did, while the other rows stayed as they were: of features
 * that it or drift is raised of, as a tenth of the rows warns and may well be why the drift is critical. Categories are left out: more rows of
 * one are a shift of the mix as well.
 */
function stuckValue(of: CauseContext): StuckFeature[] {
  const { drift, data_quality } = of.raised;
  const ruled = data_quality.filter(({ attributes }) => attributes[attr.qualityRule] === "stuck");
  return sharesOf(of, namesOf([...drift, ...ruled])).flatMap((shares) => {
    const { profile, config } = of.context;
    const { repeated } = of.aggregate;
    const { field, counts } = shares;
    const found = judgeStuck({ profile, field, counts, repeated, quality: config.quality });
    if (found === null || (found.state !== "warning" && found.state !== "critical")) return [];
    const { bin, repeated: value, referenceShare = 0 } = found.evidence.numbers;
    if (bin === undefined || value === undefined || restDistance(shares, bin) >= REST_KS) return [];
    const share = found.value ?? 0;
    return [
      { name: field.name, share, before: referenceShare, what: numberText(value), growth: share - referenceShare },
    ];
  });
}

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
