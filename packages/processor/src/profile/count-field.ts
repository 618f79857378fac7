import type { Profile, ProfileField } from "@tidemark/schema";
import type { FieldCounts } from "@tidemark/signals";
import { detectorEdges } from "@tidemark/stats";
import { FieldBuilder } from "../aggregate/field-builder.ts";
import { addCell, binOfCell } from "../aggregate/value-cell.ts";
import type { FieldColumn } from "./build-options.ts";
import type { FieldShape } from "./field-shape.ts";
import { type BinnedReference, noInflation, type VarianceInflation, varianceInflation } from "./variance-inflation.ts";

export interface FieldRows {
  /** By row in the order of time. */
  readonly cells: Int32Array;
  readonly slots: Int32Array;
  /** Hours since 1970. */
  readonly hours: Int32Array;
  /** Whether that order is known. */
  readonly isOrdered: boolean;
}

/** One field of the profile: its shape, its reference counts, and how much its rows depend on each other. */
export function countField(
  column: FieldColumn,
  shape: FieldShape,
  rows: FieldRows,
  season: Profile["season"],
): ProfileField {
  const field = emptyField(column, shape);
  const counts = countCells(field, rows, season);
  const bySlot = season === null ? null : slotCounts(field, counts, season.slotCount);
  const counted: ProfileField = {
    ...field,
    counts: [...counts.counts],
    states: { ...counts.states },
    slots: bySlot === null ? null : bySlot.map((slot) => slot.counts),
    missing: {
      varianceInflation: noInflation(season !== null),
      slots: bySlot === null ? null : bySlot.map((slot) => slot.missing),
    },
  };
  const withEdges =
    counted.kind === "numeric"
      ? { ...counted, detectorEdges: detectorEdges(counted.boundaries, counted.counts) }
      : counted;
  return {
    ...withEdges,
    varianceInflation: inflationOfValues(withEdges, rows, season !== null),
    missing: { ...withEdges.missing, varianceInflation: inflationOfMissing(withEdges, rows, season !== null) },
  };
}

function emptyField({ target, name }: FieldColumn, shape: FieldShape): ProfileField {
  const bins = shape.kind === "numeric" ? shape.boundaries.length + 1 : shape.categories.length + 1;
  const base = {
    target,
    name,
    states: { valid: 0, missing: 0, type_mismatch: 0, out_of_range: 0, unseen_category: 0, non_finite: 0 },
    varianceInflation: noInflation(false),
    missing: { varianceInflation: noInflation(false), slots: null },
    counts: new Array<number>(bins).fill(0),
    slots: null,
  };
  return shape.kind === "numeric" ? { ...base, ...shape, detectorEdges: [] } : { ...base, ...shape };
}

const SLOTS = 256;

function countCells(field: ProfileField, { cells, slots }: FieldRows, season: Profile["season"]): FieldCounts {
  const rows = new Map<number, number>();
  for (let row = 0; row < cells.length; row++) {
    const key = cells[row]! * SLOTS + slots[row]!;
    rows.set(key, (rows.get(key) ?? 0) + 1);
  }
  const builder = new FieldBuilder(field);
  for (const [key, count] of rows) {
    const cell = Math.floor(key / SLOTS);
    addCell(builder, field, key - cell * SLOTS, cell, count);
  }
  return builder.build("records", season !== null);
}

/** Counts of every slot, also of those without a value. */
function slotCounts(
  field: ProfileField,
  counts: FieldCounts,
  slotCount: number,
): { counts: number[]; missing: number }[] {
  const bySlot = new Map(counts.slots.map((slot) => [slot.slot, slot]));
  return Array.from({ length: slotCount }, (_unused, slot) => {
    const found = bySlot.get(slot);
    return {
      counts: found === undefined ? field.counts.map(() => 0) : [...found.counts],
      missing: found?.missing ?? 0,
    };
  });
}

function inflationOfValues(field: ProfileField, rows: FieldRows, hasSeason: boolean): VarianceInflation {
  if (!rows.isOrdered) return noInflation(hasSeason);
  const reference: BinnedReference = {
    kind: field.kind,
    boundaries: field.kind === "numeric" ? field.boundaries : [],
    counts: field.counts,
    slots: field.slots,
  };
  const bins = rows.cells.map((cell) => binOfCell(field, cell) ?? -1);
  return varianceInflation(reference, { bins, slots: rows.slots, hours: rows.hours });
}

/** Present and missing as the two bins of a field of its own. */
function inflationOfMissing(field: ProfileField, rows: FieldRows, hasSeason: boolean): VarianceInflation {
  const { missing } = field.states;
  if (!rows.isOrdered || missing === 0) return noInflation(hasSeason);
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const reference: BinnedReference = {
    kind: "categorical",
    boundaries: [],
    counts: [sum(field.counts), missing],
    slots: field.slots?.map((counts, slot) => [sum(counts), field.missing.slots?.[slot] ?? 0]) ?? null,
  };
  const bins = rows.cells.map((cell) => (binOfCell(field, cell) === null ? 1 : 0));
  return varianceInflation(reference, { bins, slots: rows.slots, hours: rows.hours });
}
