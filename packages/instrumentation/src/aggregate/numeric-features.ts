import {
  createExplicitHistogram,
  createExponentialHistogram,
  type ExplicitHistogram,
  type ExponentialCounts,
  type ExponentialHistogram,
  type HistogramCounts,
} from "@tidemark/sketches";
import type { NumericPlan } from "./feature-plan.ts";
import { MISSING, NON_FINITE, OUT_OF_RANGE, STATE_COUNT, TYPE_MISMATCH, VALID } from "./value-states.ts";

/** On the profile's boundaries, or on the data's own where there is none. */
export type NumericHistogram = HistogramCounts | ExponentialCounts;

/** What was counted of a numeric feature. Histogram counts are valid + out_of_range values. */
export interface NumericCounts {
  readonly name: string;
  readonly states: Float64Array;
  readonly histogram: NumericHistogram;
}

/**
 * Counts the numeric features of a model, a row at a time: values are first put into a typed array, one position a
 * feature, then counted in one loop, so that no number is boxed on its way into a histogram. Allocates nothing a row.
 */
export class NumericFeatures {
  readonly counts: readonly NumericCounts[];
  /** The finite numbers of the current record, one position a feature; NaN where there is none. */
  readonly row: Float64Array;
  /** One a feature. They count finite values, whatever their range. */
  readonly #histograms: readonly (ExplicitHistogram | ExponentialHistogram)[];
  readonly #lowest: Float64Array;
  readonly #highest: Float64Array;
  /** STATE_COUNT counts a feature; the valid ones are what a histogram counted beyond those out of range. */
  readonly #states: Float64Array;

  constructor(plans: readonly NumericPlan[]) {
    this.row = new Float64Array(plans.length);
    this.#histograms = plans.map(({ boundaries }) => createHistogram(boundaries));
    this.#lowest = Float64Array.from(plans, ({ lowest }) => lowest);
    this.#highest = Float64Array.from(plans, ({ highest }) => highest);
    this.#states = new Float64Array(plans.length * STATE_COUNT);
    const statesOf = (index: number) => this.#statesOf(index);
    this.counts = plans.map(({ name }, index) => ({
      name,
      histogram: this.#histograms[index]!,
      get states() {
        return statesOf(index);
      },
    }));
  }

  /**
   * Counts the row. Only numbers have the right type (a BigInt has not); undefined and null are missing.
   *
   * @param others by position: the value wherever the row has NaN
   */
  recordRow(others: readonly unknown[]): void {
    const row = this.row;
    const histograms = this.#histograms;
    const lowest = this.#lowest;
    const highest = this.#highest;
    for (let index = 0; index < row.length; index++) {
      const value = row[index]!;
      if (Number.isNaN(value)) {
        this.#recordOther(index, others[index]);
        continue;
      }
      histograms[index]!.record(value);
      if (value < lowest[index]! || value > highest[index]!) this.#states[index * STATE_COUNT + OUT_OF_RANGE]! += 1;
    }
  }

  reset(): void {
    for (const histogram of this.#histograms) histogram.reset();
    this.#states.fill(0);
  }

  #recordOther(index: number, value: unknown): void {
    const isMissing = value === undefined || value === null;
    const state = isMissing ? MISSING : typeof value === "number" ? NON_FINITE : TYPE_MISMATCH;
    this.#states[index * STATE_COUNT + state]! += 1;
  }

  #statesOf(index: number): Float64Array {
    const states = this.#states.slice(index * STATE_COUNT, (index + 1) * STATE_COUNT);
    states[VALID] = this.#histograms[index]!.count - states[OUT_OF_RANGE]!;
    return states;
  }
}

/** An empty histogram on the boundaries; base-2 exponential where there are none. */
export function createHistogram(boundaries: readonly number[] | null): ExplicitHistogram | ExponentialHistogram {
  return boundaries === null ? createExponentialHistogram() : createExplicitHistogram(boundaries);
}
