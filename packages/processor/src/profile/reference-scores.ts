import type { ProfileField } from "@tidemark/schema";
import { createRowScorer } from "@tidemark/signals";
import { binOfCell } from "../aggregate/value-cell.ts";
import type { RowCells } from "./row-cells.ts";
import { MIN_SLOT_ROWS } from "./season-slots.ts";

/** Normal scores of a reference row by feature; NaN where it has no value. */
export type ScoreRow = (row: number) => Float64Array;

const HOURS_A_WEEK = 168;
/** Parts of the reference, each scored by the others. */
const MAX_PARTS = 8;
const NO_BIN = -1;

/**
 * Scores of a reference's own rows, for `referenceMultivariate`. With a season a row is scored by the other weeks alone, as a window's
 * rows are: among themselves the few rows of a slot stand more evenly than any others will, and every window would look as if changed.
 *
 * @param columns cells of the fields' values by row.
 */
export function createReferenceScores(
  fields: readonly ProfileField[],
  columns: readonly Int32Array[],
  { slots, hours }: Pick<RowCells, "slots" | "hours">,
  hasSeason: boolean,
): ScoreRow {
  const bins = fields.map((field, j) => columns[j]!.map((cell) => binOfCell(field, cell) ?? NO_BIN));
  const binned = (row: number) => ({ slot: slots[row]!, seed: row, bins: bins.map((column) => column[row]!) });
  const ofAll = createRowScorer(fields);
  if (!hasSeason) return (row) => ofAll(binned(row));
  const first = hours[0]!;
  const span = hours.at(-1)! - first + 1;
  const parts = Math.min(MAX_PARTS, Math.max(1, Math.floor(span / HOURS_A_WEEK)));
  if (parts === 1) return (row) => ofAll(binned(row));
  const partOf = (row: number) => Math.floor(((hours[row]! - first) * parts) / span);
  const others = Array.from({ length: parts }, () => fields.map(copyCounts));
  for (let row = 0; row < hours.length; row++) {
    const own = others[partOf(row)]!;
    fields.forEach((_field, j) => {
      const bin = bins[j]![row]!;
      if (bin === NO_BIN) return;
      own[j]!.counts[bin]! -= 1;
      const slot = own[j]!.slots![slots[row]!]!;
      if (slot.length > 0) slot[bin]! -= 1;
    });
  }
  const scorers = others.map((own) => createRowScorer(own, 1));
  return (row) => scorers[partOf(row)]!(binned(row));
}

/** Slots by which a window would not be scored hold nothing. */
function copyCounts(field: ProfileField): ProfileField {
  const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
  const slots = field.slots?.map((counts) => (total(counts) < MIN_SLOT_ROWS ? [] : [...counts])) ?? null;
  return { ...field, counts: [...field.counts], slots };
}
