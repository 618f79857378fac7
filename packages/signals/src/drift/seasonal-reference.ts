import type { ProfileField } from "@tidemark/schema";
import { slotRows, totalOf } from "../field-of.ts";
import type { FieldCounts } from "../window-aggregate.ts";

/** A window's counts and the reference they are held against, on the same fine bins of the field. */
export interface ComparedCounts {
  readonly window: readonly number[];
  /** Counts of the reference; in a seasonal mixture scaled to its effective number of rows, so not always whole. */
  readonly reference: readonly number[];
}

const WEEK_MS = 7 * 24 * 3_600_000;

/**
 * What a window of a season is fairly compared with: the mixture of the reference's slots, weighted by the window's
 * rows per slot, `m_b = N sum_s (n_s / n) ref_s,b / N_s`, so that a weekday or a night is not drift.
 *
 * `N = 1 / sum_s ((n_s / n)^2 / N_s)` is the number of reference rows that gives the mixture its sampling error.
 * Slots without a reference row are left out of both sides. Without a season it is the field's own counts.
 *
 * @param field the profile's field.
 * @param counts the window's counts of that field.
 */
export function seasonalReference(field: ProfileField, counts: FieldCounts): ComparedCounts {
  const slots = field.slots;
  if (slots === null || counts.slots.length === 0) return { window: counts.counts, reference: field.counts };
  const used = counts.slots
    .map((slot) => ({
      window: slot.counts,
      rows: totalOf(slot.counts),
      reference: slots[slot.slot] ?? [],
      referenceRows: slotRows(field, slot.slot),
    }))
    .filter((slot) => slot.rows > 0 && slot.referenceRows > 0);
  const rows = totalOf(used.map((slot) => slot.rows));
  if (rows === 0) return { window: counts.counts.map(() => 0), reference: field.counts };
  const variance = totalOf(used.map((slot) => (slot.rows / rows) ** 2 / slot.referenceRows));
  const window = counts.counts.map(() => 0);
  const reference = counts.counts.map(() => 0);
  for (const slot of used) {
    const scale = slot.rows / rows / slot.referenceRows / variance;
    for (let bin = 0; bin < window.length; bin++) {
      window[bin]! += slot.window[bin] ?? 0;
      reference[bin]! += (slot.reference[bin] ?? 0) * scale;
    }
  }
  return { window, reference };
}

/**
 * What a person compares a window with: the whole reference where the window covers the whole season (a week),
 * the seasonal mixture where it covers only a part of it.
 *
 * @param windowMs length of the window, milliseconds.
 */
export function describedReference(field: ProfileField, counts: FieldCounts, windowMs: number): ComparedCounts {
  return windowMs >= WEEK_MS ? { window: counts.counts, reference: field.counts } : seasonalReference(field, counts);
}
