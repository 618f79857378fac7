import type { Profile, ProfileField } from "@tidemark/schema";
import { FREQUENT_ROWS, fieldDetection, LEAST_ROWS } from "../drift/detection-bins.ts";
import { slotRows, totalOf } from "../field-of.ts";
import type { KeptCounts } from "./window-counts.ts";

/** Windows before, as one reference for a window of the same field. */
export interface PooledReference {
  /**
   * Counts on the profile's detector bins, carried to the hours of the week that the window has; their sum is the number of
   * rows that gives their sampling error.
   */
  readonly counts: readonly number[];
  /** Rows of the windows before, as they were. */
  readonly rows: number;
  /** 1 / (sum of the squared shares of the windows): how many windows of equal size it is. */
  readonly windows: number;
}

type Kept = Pick<KeptCounts, "counts" | "slotRows">;

/**
 * Adds windows up and, where the profile has a season, carries their shares to the window's own hours of the week: each
 * bin times what training has of it in the window's hours over what it has in theirs. A Saturday before a Sunday, or a
 * night before a day, is then not drift.
 *
 * With a_s and b_s the shares of rows that the window and the reference have in season slot s, and N_s the training rows
 * there, that ratio adds sum_s (a_s - b_s)^2 / N_s to 1 / rows, the variance of a share over what it is with one row:
 * nothing where the hours are the same. Null without a row.
 */
export function pooledReference(
  profile: Profile,
  field: ProfileField,
  window: Kept,
  before: readonly Kept[],
): PooledReference | null {
  const sizes = before.map(({ counts }) => totalOf(counts));
  const rows = totalOf(sizes);
  if (rows === 0) return null;
  const windows = rows ** 2 / totalOf(sizes.map((size) => size ** 2));
  const summed = window.counts.map((_, bin) => totalOf(before.map(({ counts }) => counts[bin] ?? 0)));
  const season = trainingSlots(profile, field);
  if (season === null || window.slotRows.length === 0) return { counts: summed, rows, windows };

  const own = rowsBySlot([window]);
  const theirs = rowsBySlot(before);
  const expectedOwn = mixture(season, own);
  const expectedTheirs = mixture(season, theirs);
  const carried = summed.map((count, bin) => (count * expectedOwn[bin]!) / expectedTheirs[bin]!);
  const rowsPerIndependent = field.varianceInflation.rowsPerIndependent?.slots ?? 1;
  let variance = 1 / rows;
  for (const slot of new Set([...own.keys(), ...theirs.keys()])) {
    const known = slotRows(field, slot);
    if (known > 0) variance += (((own.get(slot) ?? 0) - (theirs.get(slot) ?? 0)) ** 2 * rowsPerIndependent) / known;
  }
  const scale = 1 / variance / totalOf(carried);
  return { counts: carried.map((count) => count * scale), rows, windows };
}

interface TrainingSlots {
  /** Shares by bin over all slots. */
  readonly overall: readonly number[];
  /** Shares by bin of each slot that has rows. */
  readonly slots: readonly (readonly number[] | null)[];
}

const byField = new WeakMap<ProfileField, TrainingSlots>();

/** Half a row in each bin, as the detector has it, so that no share is 0. */
const SMOOTHING = 0.5;

function trainingSlots(profile: Profile, field: ProfileField): TrainingSlots | null {
  if (field.slots === null) return null;
  let known = byField.get(field);
  if (known === undefined) {
    const { merge } = fieldDetection(profile, field).overall;
    const overall = smoothedShares(merge(field.counts));
    known = {
      overall,
      slots: field.slots.map((counts, slot) =>
        slotRows(field, slot) === 0 ? null : slotShares(merge(counts), overall),
      ),
    };
    byField.set(field, known);
  }
  return known;
}

function smoothedShares(counts: readonly number[]): number[] {
  const total = totalOf(counts) + SMOOTHING * counts.length;
  return counts.map((count) => (count + SMOOTHING) / total);
}

/** Shares in one slot; of what is too rare there to say more than chance, the whole training data's. */
function slotShares(counts: readonly number[], overall: readonly number[]): number[] {
  const rows = totalOf(counts);
  return smoothedShares(counts).map((share, bin) =>
    counts[bin]! >= FREQUENT_ROWS || overall[bin]! * rows >= LEAST_ROWS ? share : overall[bin]!,
  );
}

function rowsBySlot(windows: readonly Kept[]): Map<number, number> {
  const rows = new Map<number, number>();
  for (const { slotRows: own } of windows) {
    for (const [slot, count] of own) rows.set(slot, (rows.get(slot) ?? 0) + count);
  }
  const total = totalOf([...rows.values()]);
  return new Map([...rows].map(([slot, count]) => [slot, count / total]));
}

/** What training expects of rows in these slots; a slot that it does not have is taken for all of them. */
function mixture({ overall, slots }: TrainingSlots, shares: ReadonlyMap<number, number>): number[] {
  const expected = overall.map(() => 0);
  for (const [slot, share] of shares) {
    const own = slots[slot] ?? overall;
    for (let bin = 0; bin < expected.length; bin++) expected[bin]! += share * own[bin]!;
  }
  return expected;
}
