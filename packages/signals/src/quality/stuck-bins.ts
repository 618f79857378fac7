import type { Profile, ProfileField } from "@tidemark/schema";
import { totalOf } from "../field-of.ts";
import type { FieldCounts } from "../window-aggregate.ts";
import { alongCurve, blockReach, limitChance } from "./variety-limits.ts";

/** Bins or categories that a feature needs: the shares of a flag or of a few classes change by drift, which is what says so. */
const MINIMUM_BINS = 10;
/** Growth of one value's share below this is nobody's business. */
const WARNING_GROWTH = 0.05;
/** A profile that lists as many other categories may have had more. */
const LISTED_CATEGORIES = 2_000;

/** A bin that has grown. */
export interface StuckBin {
  readonly bin: number;
  /** Share of the window's values in the bin: no value in it has more. */
  readonly share: number;
  /** The most that a value in it can have had in the reference. */
  readonly referenceShare: number;
}

/** What may be stuck of a feature. */
export interface StuckBins {
  /** Values of the window. */
  readonly rows: number;
  /** Growth of one value's share that warns. */
  readonly growth: number;
  /** The bin that has grown most. */
  readonly most: StuckBin;
  /** Bins that have grown further than `growth`, by place: only their values tell whether it is one that did. */
  readonly suspects: readonly StuckBin[];
}

/**
 * Bins whose share exceeds what one of their values can have had in the reference: of one value with a bin of its own that is its share. Of
 * the categories that are not told apart none had more than the rarest of the others; unseen ones are left to their own rule, unless the
 * profile cannot list all that there were.
 *
 * `growth`: five percentage points, or what one value's share grows by in stretches of the reference of as many values: a one-sided prediction
 * interval for one more stretch, over all features, or the largest. More values than those have are held against the longest, in which shares
 * vary more. Null without values, for what is no feature, has ten bins at most or no curve.
 */
export function stuckBins(profile: Profile, field: ProfileField, counts: FieldCounts): StuckBins | null {
  const rows = totalOf(counts.counts);
  const { variety } = field;
  if (!hasManyBins(field) || variety === undefined || rows === 0) return null;
  const chance = limitChance(profile, 1);
  const usual = alongCurve(variety, rows, ({ growth: { mean, deviation, largest }, blocks }) =>
    Math.max(largest, mean + blockReach(deviation, blocks, chance)),
  );
  const growth = Math.max(WARNING_GROWTH, usual);
  const known = mostInReference(field);
  const bins = counts.counts.map((count, bin): StuckBin => {
    const told = isRest(field, bin) && !mayHaveMore(field) ? count - counts.states.unseen_category : count;
    return { bin, share: told / rows, referenceShare: known[bin]! };
  });
  const most = bins.reduce((best, next) => (growthOf(next) > growthOf(best) ? next : best));
  return { rows, growth, most, suspects: bins.filter((bin) => growthOf(bin) > growth) };
}

/** Whether a feature's bin holds the categories that are not told apart. */
export function isRest(field: ProfileField, bin: number): boolean {
  return field.kind === "categorical" && bin === field.categories.length;
}

/** Whether the reference may have had more categories than the profile lists. */
export function mayHaveMore(field: ProfileField): boolean {
  return field.kind === "categorical" && field.otherCategories.length >= LISTED_CATEGORIES;
}

/** How far a share exceeds what there was. */
export function growthOf({ share, referenceShare }: Omit<StuckBin, "bin">): number {
  return share - referenceShare;
}

function hasManyBins(field: ProfileField): boolean {
  const bins = field.kind === "numeric" ? field.boundaries.length : field.categories.length;
  return field.target === "feature" && bins > MINIMUM_BINS;
}

const knownShares = new WeakMap<ProfileField, readonly number[]>();

function mostInReference(field: ProfileField): readonly number[] {
  const found = knownShares.get(field);
  if (found !== undefined) return found;
  const rows = totalOf(field.counts);
  const shares = field.counts.map((count) => count / rows);
  const known = shares.map((share, bin) => (isRest(field, bin) ? Math.min(share, shares[bin - 1]!) : share));
  knownShares.set(field, known);
  return known;
}
