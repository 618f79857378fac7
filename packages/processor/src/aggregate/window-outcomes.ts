import type { CategoricalField, NumericField, OutcomeKind, ProfileField } from "@tidemark/schema";
import type { FieldCounts, OutcomeFacts, OutcomeGroup, SegmentOutcomes } from "@tidemark/signals";
import { resolvedOutcomes } from "../store/resolved-outcomes.ts";
import { RowReader } from "../store/row-reader.ts";
import type { Store } from "../store/store.ts";
import { FieldBuilder } from "./field-builder.ts";
import { delayQuantiles } from "./outcome-delays.ts";
import { rowWeights } from "./sampling-weights.ts";
import { slotOfHours } from "./season-slot.ts";
import { SegmentGroups, segmentValueSql } from "./segment-groups.ts";
import { WINDOW_CONDITION, type WindowRequest, windowParameters } from "./window-request.ts";

export interface WindowOutcomes {
  readonly labelled: OutcomeGroup[];
  readonly segments: SegmentOutcomes[];
  readonly fields: FieldCounts[];
  readonly facts: OutcomeFacts;
}

/** The predictions of a window joined with their outcomes, as far as these happened within the horizon. */
export async function readWindowOutcomes(store: Store, request: WindowRequest): Promise<WindowOutcomes> {
  const { profile, segments } = request;
  const bytes = await store.queryRowBinary(joinSql(segments), windowParameters(request));
  const { groups, bySegment, facts } = readGroups(new RowReader(bytes), request);
  return {
    labelled: mergeSlots(groups),
    segments: bySegment.list(),
    fields: profile.fields
      .filter((field) => field.target === "outcome" && groups.length > 0)
      .map((field) => countField(field, groups, profile.season !== null)),
    facts,
  };
}

interface SlotGroup extends Omit<OutcomeGroup, "weight"> {
  readonly probability: number;
  readonly slot: number;
}

/**
 * The window's ids restrict the outcomes before the join. Rows come sorted and are grouped here: with scores that are
 * nearly all different, grouping in the engine costs half as much again and saves nothing.
 */
function joinSql(segments: readonly string[]): string {
  const named = segments.map((_name, index) => `segment${index}`);
  return `
    SELECT p.score, p.label, p.value, o.kind, o.label, o.value, CAST(o.position AS Nullable(Float64)), p.probability,
      toUInt32(p.hour), toFloat64(intDiv(toUnixTimestamp64Nano(o.ots) - toUnixTimestamp64Nano(p.ts), 1000)), o.history
      ${named.map((name) => `, p.${name}`).join("")}
    FROM (
      SELECT id, ts, score, CAST(label AS Nullable(String)) AS label, value, probability,
        intDiv(toUnixTimestamp64Nano(ts), 3600000000000) AS hour
        ${segments.map((name, index) => `, ${segmentValueSql(name)} AS segment${index}`).join("")}
      FROM prediction FINAL WHERE ${WINDOW_CONDITION}
    ) AS p
    INNER JOIN (${resolvedOutcomes(
      `tenant = {tenant:String} AND model = {model:String} AND id IN (SELECT id FROM prediction WHERE ${WINDOW_CONDITION})`,
    )}) AS o ON o.id = p.id
    ORDER BY p.score NULLS FIRST, p.label NULLS FIRST, p.value NULLS FIRST, o.kind, o.label NULLS FIRST,
      o.value NULLS FIRST, o.position NULLS FIRST, p.probability, p.hour`;
}

type Growing<T> = { -readonly [K in keyof T]: T[K] };

function readGroups(reader: RowReader, { profile, segments, outcomeHorizonMs }: WindowRequest) {
  const slotOf = slotOfHours(profile);
  const groups: Growing<SlotGroup>[] = [];
  const bySegment = new SegmentGroups(segments, profile.risk?.segments);
  const delays: number[] = [];
  const told = { late: 0, duplicate: 0, corrected: 0, conflict: 0 };
  while (!reader.done) {
    const row: SlotGroup = {
      score: reader.nullableFloat64(),
      label: reader.nullableString(),
      value: reader.nullableFloat64(),
      outcomeKind: reader.string() as OutcomeKind,
      outcomeLabel: reader.nullableString(),
      outcomeValue: reader.nullableFloat64(),
      position: reader.nullableFloat64(),
      probability: reader.float64(),
      slot: slotOf(reader.uint32()),
      count: 1,
    };
    const delayMicroseconds = reader.float64();
    const history = reader.string();
    const values = segments.map(() => reader.string());
    if (delayMicroseconds > outcomeHorizonMs * 1_000) {
      told.late++;
      continue;
    }
    delays.push(delayMicroseconds);
    if (history === "duplicate" || history === "corrected" || history === "conflict") told[history]++;
    const last = groups.at(-1);
    if (last !== undefined && last.slot === row.slot && isSameGroup(last, row)) last.count++;
    else groups.push(row);
    bySegment.add(values, row);
  }
  return { groups, bySegment, facts: { delaySeconds: delayQuantiles(delays), ...told } };
}

/** Groups that differ in the slot only stand next to each other. */
function mergeSlots(groups: readonly SlotGroup[]): OutcomeGroup[] {
  const merged: Growing<OutcomeGroup>[] = [];
  let last: SlotGroup | undefined;
  for (const group of groups) {
    const { probability, slot: _slot, ...rest } = group;
    if (last !== undefined && isSameGroup(last, group)) merged.at(-1)!.count += group.count;
    else merged.push({ ...rest, weight: 1 / probability });
    last = group;
  }
  return merged;
}

function isSameGroup(a: SlotGroup, b: SlotGroup): boolean {
  return (
    a.score === b.score &&
    a.label === b.label &&
    a.value === b.value &&
    a.outcomeKind === b.outcomeKind &&
    a.outcomeLabel === b.outcomeLabel &&
    a.outcomeValue === b.outcomeValue &&
    a.position === b.position &&
    a.probability === b.probability
  );
}
function countField(field: ProfileField, groups: readonly SlotGroup[], hasSeason: boolean): FieldCounts {
  const builder = new FieldBuilder(field);
  const weights = rowWeights(groups);
  const add = field.kind === "numeric" ? numericAdder(builder, field) : categoricalAdder(builder, field);
  for (const group of groups) {
    add(group, group.count * weights.get(group.probability)!);
  }
  return builder.build("records", hasSeason);
}

type Adder = (group: SlotGroup, count: number) => void;

function numericAdder(builder: FieldBuilder, field: NumericField): Adder {
  const { min, max } = field.range;
  return ({ outcomeValue: value, slot }, count) => {
    if (value === null) {
      builder.addState(slot, "missing", count);
      return;
    }
    builder.addBin(slot, boundariesBelow(field.boundaries, value), count);
    const isOutside = (min !== null && value < min) || (max !== null && value > max);
    builder.addState(slot, isOutside ? "out_of_range" : "valid", count);
  };
}

function categoricalAdder(builder: FieldBuilder, field: CategoricalField): Adder {
  const bins = new Map(field.categories.map((category, index) => [category, index]));
  const known = new Set([...field.categories, ...field.otherCategories]);
  return ({ outcomeLabel: label, slot }, count) => {
    if (label === null) {
      builder.addState(slot, "missing", count);
      return;
    }
    builder.addBin(slot, bins.get(label) ?? field.categories.length, count);
    builder.addState(slot, known.has(label) ? "valid" : "unseen_category", count);
  };
}

/** Number of boundaries below a value: its bin, where a value on a boundary belongs below it. */
function boundariesBelow(boundaries: readonly number[], value: number): number {
  let low = 0;
  let high = boundaries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (boundaries[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
