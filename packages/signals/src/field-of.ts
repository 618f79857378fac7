import type { ProfileField } from "@tidemark/schema";
import type { FieldCounts, WindowAggregate } from "./window-aggregate.ts";

/** The window's counts of a profile field; null where the window has none of it. */
export function fieldCountsOf(aggregate: WindowAggregate, field: ProfileField): FieldCounts | null {
  return aggregate.fields.find((counts) => counts.target === field.target && counts.name === field.name) ?? null;
}

/** Sum of counts, left to right. */
export function totalOf(counts: readonly number[]): number {
  let total = 0;
  for (let index = 0; index < counts.length; index++) total += counts[index]!;
  return total;
}

const slotTotals = new WeakMap<ProfileField, readonly number[]>();

/** Reference values of a field in one season slot, added once per profile; 0 where it has no such slot. */
export function slotRows(field: ProfileField, slot: number): number {
  let totals = slotTotals.get(field);
  if (totals === undefined) {
    totals = (field.slots ?? []).map(totalOf);
    slotTotals.set(field, totals);
  }
  return totals[slot] ?? 0;
}

/** Values of a field that are not missing, those that fall in no bin too; of sampled records by their weights, as `counts`. */
export function valuesOf({ states }: FieldCounts): number {
  return totalOf(Object.values(states)) - states.missing;
}
