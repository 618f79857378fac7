import { createExplicitHistogram, type ExplicitHistogram, type HistogramCounts } from "@tidemark/sketches";
import type { NumericPlan } from "./feature-plan.ts";
import { STATE, STATE_COUNT } from "./value-states.ts";

/** What was counted of a numeric feature. Histogram counts are valid + out_of_range values; null without boundaries. */
export interface NumericCounts {
  readonly name: string;
  readonly states: Float64Array;
  readonly histogram: HistogramCounts | null;
}

/** Counts the values of one numeric feature; allocates nothing a value. */
export class NumericFeature implements NumericCounts {
  readonly name: string;
  readonly states = new Float64Array(STATE_COUNT);
  readonly histogram: ExplicitHistogram | null;
  readonly #lowest: number;
  readonly #highest: number;

  constructor({ name, boundaries, lowest, highest }: NumericPlan) {
    this.name = name;
    this.histogram = boundaries === null ? null : createExplicitHistogram(boundaries);
    this.#lowest = lowest;
    this.#highest = highest;
  }

  /** Undefined and null are missing; only numbers have the right type (a BigInt has not). */
  record(value: unknown): void {
    if (typeof value === "number") {
      if (value - value !== 0) {
        this.states[STATE.non_finite]! += 1;
        return;
      }
      this.histogram?.record(value);
      const isInside = value >= this.#lowest && value <= this.#highest;
      this.states[isInside ? STATE.valid : STATE.out_of_range]! += 1;
    } else {
      this.states[value === undefined || value === null ? STATE.missing : STATE.type_mismatch]! += 1;
    }
  }
}
