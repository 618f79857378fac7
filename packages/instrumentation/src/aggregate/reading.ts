import type { ModelLayout } from "./model-layout.ts";

/**
 * What one prediction adds to counts: places in their arrays. One of a model, written anew for each prediction, so that
 * recording allocates nothing.
 */
export interface Reading {
  /** The finite numbers, by column of the layout; NaN where there is none. */
  readonly row: Float64Array;
  /** Place in the histograms' counts, by column; -1 where there is no number. */
  readonly bins: Int32Array;
  /** Place in the counts of categories, by dictionary of the layout; -1 where there is no category. */
  readonly categories: Int32Array;
  /** Places in the counts of value states of everything that is not valid. */
  readonly marks: Int32Array;
  markCount: number;
}

export function createReading({ plan, dictionaries, histograms }: ModelLayout): Reading {
  const columns = histograms.boundaries.length;
  return {
    row: new Float64Array(columns).fill(Number.NaN),
    bins: new Int32Array(columns),
    categories: new Int32Array(dictionaries.length).fill(-1),
    marks: new Int32Array(plan.numeric.length + plan.categorical.length + plan.vectors.length),
    markCount: 0,
  };
}
