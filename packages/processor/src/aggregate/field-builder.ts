import type { ProfileField } from "@tidemark/schema";
import { VALUE_STATES, type ValueState } from "@tidemark/semconv";
import type { FieldCounts } from "@tidemark/signals";

/** Gathers counts of one profile field by bin, season slot and value state. */
export class FieldBuilder {
  private readonly field: ProfileField;
  private readonly states = Object.fromEntries(VALUE_STATES.map((state) => [state, 0])) as Record<ValueState, number>;
  private readonly slots = new Map<number, { counts: number[]; missing: number }>();

  constructor(field: ProfileField) {
    this.field = field;
  }

  addBin(slot: number, bin: number, count: number): void {
    const { counts } = this.slot(slot);
    counts[bin] = counts[bin]! + count;
  }

  addState(slot: number, state: ValueState, count: number): void {
    this.states[state] += count;
    if (state === "missing") this.slot(slot).missing += count;
  }

  build(source: FieldCounts["source"], hasSeason: boolean): FieldCounts {
    const total = new Array<number>(this.field.counts.length).fill(0);
    const slots = [...this.slots.entries()].sort(([a], [b]) => a - b);
    for (const [, { counts }] of slots) {
      for (let bin = 0; bin < total.length; bin++) total[bin] = total[bin]! + counts[bin]!;
    }
    return {
      target: this.field.target,
      name: this.field.name,
      counts: total,
      slots: hasSeason ? slots.map(([slot, { counts, missing }]) => ({ slot, counts, missing })) : [],
      states: this.states,
      source,
    };
  }

  private slot(slot: number): { counts: number[]; missing: number } {
    let found = this.slots.get(slot);
    if (found === undefined) {
      found = { counts: new Array<number>(this.field.counts.length).fill(0), missing: 0 };
      this.slots.set(slot, found);
    }
    return found;
  }
}
