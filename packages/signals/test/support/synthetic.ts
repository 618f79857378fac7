import { type Config, configSchema, contentHash, type Profile, type ProfileField } from "@tidemark/schema";
import { metric, VALUE_STATES, type ValueState } from "@tidemark/semconv";
import type { FieldCounts, JudgeContext, OutcomeGroup, WindowAggregate } from "@tidemark/signals";
import { detectorEdges } from "@tidemark/stats";
import { createRandom, drawNormal } from "./random.ts";

/** One prediction of a made-up model: late flights by distance and origin, with a rush at noon. */
export interface Row {
  readonly hourOfWeek: number;
  readonly distance: number | null;
  readonly origin: string | null;
  readonly score: number;
  readonly label: string;
  readonly outcome: string;
}

const MONDAY_MS = Date.UTC(2001, 4, 7);
const HOUR_MS = 3_600_000;
const ORIGINS = ["ATL", "ORD", "DFW", "LAX", "PHX", "DEN"];

/** Rows of a stable world. Distance is longer at night, so that the hour matters. */
export function drawRows(seed: number, count: number, hours = 168): Row[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const hourOfWeek = Math.floor(random() * hours);
    const night = hourOfWeek % 24 < 6 ? 0.5 : 0;
    const distance = Math.round(Math.exp(6.3 + night + 0.7 * drawNormal(random)));
    const origin = ORIGINS[Math.floor(ORIGINS.length * random() ** 2)]!;
    const score = 1 / (1 + Math.exp(1.2 - 0.8 * drawNormal(random)));
    return { hourOfWeek, distance, origin, score, label: label(score > 0.4), outcome: label(random() < score) };
  });
}

/** A profile of rows; with a season of one slot per hour of the day where asked. */
export function profileOf(rows: readonly Row[], season = false): Profile {
  const slotOfHour = Array.from({ length: 168 }, (_, hour) => hour % 24);
  const slotOf = season ? (row: Row) => slotOfHour[row.hourOfWeek]! : null;
  const content: Omit<Profile, "id"> = {
    format: "tidemark.profile/1",
    model: { name: "flights", version: "1", type: "classification" },
    source: { rows: rows.length, start: null, end: null },
    season: season ? { slotOfHour, slotCount: 24 } : null,
    positiveLabel: "late",
    fields: [
      numericField("feature", "distance", rows, (row) => row.distance, slotOf),
      categoricalField("feature", "origin", rows, (row) => row.origin, slotOf),
      numericField("prediction", "score", rows, (row) => row.score, slotOf),
      categoricalField("outcome", "label", rows, (row) => row.outcome, slotOf),
    ],
    performance: { [metric.performanceAccuracy]: rows.filter((row) => row.label === row.outcome).length / rows.length },
  };
  return { ...content, id: contentHash(content) };
}

/** What the store would say of a window that holds these rows. */
export function aggregateOf(
  rows: readonly Row[],
  profile: Profile,
  overrides: Partial<WindowAggregate> = {},
): WindowAggregate {
  return {
    tenant: "default",
    model: "flights",
    version: "1",
    role: "champion",
    window: { name: "7d", startMs: MONDAY_MS, endMs: MONDAY_MS + 168 * HOUR_MS },
    predictions: rows.length,
    effectivePredictions: rows.length,
    earlierPredictions: [],
    fields: profile.fields.map((field) => countField(field, profile, rows)),
    labelled: groupsOf(rows),
    segments: [],
    outcomes: {
      delaySeconds: { median: 7_200, p90: 9_000, p99: 9_900 },
      late: 0,
      duplicate: 0,
      corrected: 0,
      conflict: 0,
    },
    service: null,
    ...overrides,
  };
}

/** A context with the default configuration, changed where asked. */
export function contextOf(profile: Profile, model: Record<string, unknown> = {}): JudgeContext {
  const config: Config = configSchema.parse({ models: [{ name: "flights", profile: "profile.json", ...model }] });
  return { profile, config: config.models[0]!, configId: "sha256:0" };
}

function label(late: boolean): string {
  return late ? "late" : "on_time";
}

function readerOf(field: Pick<ProfileField, "target" | "name">): (row: Row) => number | string | null {
  if (field.name === "distance") return (row) => row.distance;
  if (field.name === "origin") return (row) => row.origin;
  if (field.name === "score") return (row) => row.score;
  return (row) => row.outcome;
}

type SlotOf = ((row: Row) => number) | null;

function missingOf(
  rows: readonly Row[],
  read: (row: Row) => unknown,
  slotOf: SlotOf,
): Pick<ProfileField, "missing" | "varianceInflation"> {
  const varianceInflation = {
    rows: [1, 1] as [number, number],
    slots: slotOf === null ? null : ([1, 1] as [number, number]),
  };
  const slots = slotOf === null ? null : Array.from({ length: 24 }, () => 0);
  for (const row of rows) if (slots !== null && slotOf !== null && read(row) === null) slots[slotOf(row)]! += 1;
  return { varianceInflation, missing: { varianceInflation, slots } };
}

function statesOf(rows: readonly Row[], stateOf: (row: Row) => ValueState): Record<ValueState, number> {
  const states = Object.fromEntries(VALUE_STATES.map((state) => [state, 0])) as Record<ValueState, number>;
  for (const row of rows) states[stateOf(row)] += 1;
  return states;
}

function slotCountsOf(field: ProfileField, rows: readonly Row[], slotOf: SlotOf): number[][] | null {
  if (slotOf === null) return null;
  return Array.from({ length: 24 }, (_, slot) =>
    binCounts(
      field,
      rows.filter((row) => slotOf(row) === slot),
    ),
  );
}

function numericField(
  target: ProfileField["target"],
  name: string,
  rows: readonly Row[],
  read: (row: Row) => number | null,
  slotOf: SlotOf,
): ProfileField {
  const values = rows
    .map(read)
    .filter((value) => value !== null)
    .sort((a, b) => a - b);
  const quantiles = Array.from({ length: 119 }, (_, k) => values[Math.floor(((k + 1) / 120) * values.length)]!);
  const min = values[0]!;
  const max = values.at(-1)!;
  const boundaries = [...new Set([min - 1e-9 * Math.max(1, Math.abs(min)), ...quantiles, max])];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const field = {
    target,
    name,
    kind: "numeric" as const,
    states: statesOf(rows, (row) => (read(row) === null ? "missing" : "valid")),
    ...missingOf(rows, read, slotOf),
    boundaries,
    counts: [] as number[],
    detectorEdges: [] as number[],
    min,
    max,
    mean,
    standardDeviation: Math.sqrt(variance),
    range: { min: null, max: null },
    slots: null,
  };
  const counts = binCounts(field, rows);
  return {
    ...field,
    counts,
    detectorEdges: detectorEdges(boundaries, counts),
    slots: slotCountsOf(field, rows, slotOf),
  };
}

function categoricalField(
  target: ProfileField["target"],
  name: string,
  rows: readonly Row[],
  read: (row: Row) => string | null,
  slotOf: SlotOf,
): ProfileField {
  const categories = [...new Set(rows.map(read).filter((value) => value !== null))].sort();
  const field = {
    target,
    name,
    kind: "categorical" as const,
    states: statesOf(rows, (row) => (read(row) === null ? "missing" : "valid")),
    ...missingOf(rows, read, slotOf),
    categories,
    counts: [] as number[],
    otherCategories: [],
    slots: null,
  };
  return { ...field, counts: binCounts(field, rows), slots: slotCountsOf(field, rows, slotOf) };
}

function binCounts(field: ProfileField, rows: readonly Row[]): number[] {
  const read = readerOf(field);
  const bins = field.kind === "numeric" ? field.boundaries.length + 1 : field.categories.length + 1;
  const counts = Array.from({ length: bins }, () => 0);
  for (const row of rows) {
    const value = read(row);
    if (value === null) continue;
    counts[binOf(field, value)]! += 1;
  }
  return counts;
}

function binOf(field: ProfileField, value: number | string): number {
  if (field.kind === "numeric") {
    let low = 0;
    let high = field.boundaries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (field.boundaries[middle]! < Number(value)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  const index = field.categories.indexOf(String(value));
  return index < 0 ? field.categories.length : index;
}

function countField(field: ProfileField, profile: Profile, rows: readonly Row[]): FieldCounts {
  const read = readerOf(field);
  const stateOf = (row: Row): ValueState => {
    const value = read(row);
    if (value === null) return "missing";
    return field.kind === "categorical" && !field.categories.includes(String(value)) ? "unseen_category" : "valid";
  };
  const slots = [...new Set(rows.map((row) => profile.season?.slotOfHour[row.hourOfWeek] ?? 0))].sort((a, b) => a - b);
  return {
    target: field.target,
    name: field.name,
    counts: binCounts(field, rows),
    slots:
      profile.season === null
        ? []
        : slots.map((slot) => {
            const inSlot = rows.filter((row) => profile.season!.slotOfHour[row.hourOfWeek] === slot);
            return {
              slot,
              counts: binCounts(field, inSlot),
              missing: inSlot.filter((row) => read(row) === null).length,
            };
          }),
    states: statesOf(rows, stateOf),
    source: "profile_points",
  };
}

function groupsOf(rows: readonly Row[]): OutcomeGroup[] {
  return rows.map((row) => ({
    score: row.score,
    label: row.label,
    value: null,
    outcomeKind: "class",
    outcomeLabel: row.outcome,
    outcomeValue: null,
    position: null,
    weight: 1,
    count: 1,
  }));
}
