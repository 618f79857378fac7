import type { Profile } from "@tidemark/schema";
import type { BinnedRow, WindowAggregate } from "@tidemark/signals";
import { countMultivariate } from "@tidemark/signals";
import { binOf } from "@tidemark/stats";
import { slotOfHours } from "../../packages/processor/src/aggregate/season-slot.ts";
import { CELL } from "../../packages/processor/src/aggregate/value-cell.ts";
import { countField } from "../../packages/processor/src/profile/count-field.ts";
import { summarizeNumbers } from "../../packages/processor/src/profile/numeric-bins.ts";
import { referenceMultivariate } from "../../packages/processor/src/profile/reference-multivariate.ts";
import { seasonSlots } from "../../packages/processor/src/profile/season-slots.ts";
import type { DrawnRows } from "./joint-worlds.ts";

const NO_RANGE = { min: null, max: null } as const;

/** The profile that `tidemark profile` makes of rows, without the engine that reads them from a file. */
export function profileOfRows({ hours, values }: DrawnRows, hasTime: boolean): Profile {
  const rows = hours.length;
  const season = hasTime ? seasonOf(hours) : null;
  const slots = Int32Array.from(hours, slotOfHours({ season }));
  const cells: Int32Array[] = [];
  const fields = values.map((column, j) => {
    const column_ = { target: "feature", name: `f${j}`, column: `f${j}`, kind: "numeric", range: NO_RANGE } as const;
    const shape = { kind: "numeric", range: NO_RANGE, ...summarizeNumbers(distinctOf(column)) } as const;
    const own = Int32Array.from(column, (value) =>
      Number.isNaN(value) ? CELL.missing : binOf(shape.boundaries, value),
    );
    cells.push(own);
    return countField(column_, shape, { cells: own, slots, hours, isOrdered: hasTime }, season);
  });
  const multivariate = referenceMultivariate(fields, { season }, { rows, hours, slots, cells }, hasTime);
  return {
    format: "tidemark.profile/1",
    id: `sha256:${"0".repeat(64)}`,
    model: { name: "m", version: "1", type: "classification" },
    source: { rows, start: hasTime ? "2026-01-05T00:00:00.000Z" : null, end: null },
    season,
    positiveLabel: null,
    fields,
    performance: {},
    ...(multivariate === null ? {} : { multivariate }),
  };
}

/** A window of rows as the processor would aggregate them. */
export function windowOfRows(profile: Profile, { hours, values }: DrawnRows, windowMs: number): WindowAggregate {
  const slotOf = slotOfHours(profile);
  const binned = Array.from(
    hours,
    (hour, row): BinnedRow => ({
      slot: slotOf(hour),
      seed: row,
      bins: profile.fields.map((field, j) => {
        const value = values[j]![row]!;
        return field.kind !== "numeric" || Number.isNaN(value) ? -1 : binOf(field.boundaries, value);
      }),
    }),
  );
  const multivariate = countMultivariate(profile, binned);
  return {
    tenant: "default",
    model: "m",
    version: "1",
    role: "champion",
    window: { name: "24h", startMs: 0, endMs: windowMs },
    predictions: hours.length,
    effectivePredictions: hours.length,
    earlierPredictions: [],
    fields: profile.fields.map((field, j) => fieldCounts(field, binned, j)),
    labelled: [],
    segments: [],
    outcomes: { delaySeconds: null, late: 0, duplicate: 0, corrected: 0, conflict: 0 },
    service: null,
    ...(multivariate === null ? {} : { multivariate }),
  };
}

function fieldCounts(
  field: Profile["fields"][number],
  rows: readonly BinnedRow[],
  j: number,
): WindowAggregate["fields"][number] {
  const bySlot = new Map<number, number[]>();
  let missing = 0;
  for (const { slot, bins } of rows) {
    let counts = bySlot.get(slot);
    if (counts === undefined) {
      counts = field.counts.map(() => 0);
      bySlot.set(slot, counts);
    }
    if (bins[j]! < 0) missing += 1;
    else counts[bins[j]!]! += 1;
  }
  const slots = [...bySlot].sort((a, b) => a[0] - b[0]).map(([slot, counts]) => ({ slot, counts, missing: 0 }));
  const counts = field.counts.map((_, bin) => slots.reduce((sum, slot) => sum + slot.counts[bin]!, 0));
  const valid = rows.length - missing;
  const states = { valid, missing, type_mismatch: 0, out_of_range: 0, unseen_category: 0, non_finite: 0 };
  return {
    target: "feature",
    name: field.name,
    counts,
    slots: field.slots === null ? [] : slots,
    states,
    source: "records",
  };
}

function seasonOf(hours: Int32Array): Profile["season"] {
  const rowsByHour = new Array<number>(168).fill(0);
  for (const hour of hours) rowsByHour[(hour + 72) % 168]! += 1;
  return seasonSlots(rowsByHour);
}

function distinctOf(column: Float64Array): { values: Float64Array; counts: Float64Array } {
  const sorted = column.filter((value) => !Number.isNaN(value)).sort();
  const counts = new Map<number, number>();
  for (const value of sorted) counts.set(value, (counts.get(value) ?? 0) + 1);
  return { values: Float64Array.from(counts.keys()), counts: Float64Array.from(counts.values()) };
}
