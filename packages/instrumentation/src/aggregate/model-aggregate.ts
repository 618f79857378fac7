import {
  type CategoryCounts,
  createExponentialHistogram,
  createHistogramBlock,
  type ExponentialCounts,
  type ExponentialHistogram,
  type HistogramBlock,
  type HistogramCounts,
} from "@tidemark/sketches";
import type { CategoryDictionary } from "./category-dictionary.ts";
import { isDuration } from "./is-duration.ts";
import { callHistograms, type ModelLayout } from "./model-layout.ts";
import type { Reading } from "./reading.ts";
import { OUT_OF_RANGE, STATE_COUNT, UNSEEN_CATEGORY, VALID } from "./value-states.ts";

/** On the profile's boundaries, or on the data's own where there is none. */
export type NumericHistogram = HistogramCounts | ExponentialCounts;

/** What was counted of a numeric feature. Histogram counts are valid + out_of_range values. */
export interface NumericCounts {
  readonly name: string;
  readonly states: Float64Array;
  readonly histogram: NumericHistogram;
}

/** What was counted of a categorical feature. Category counts are valid + unseen_category values. */
export interface CategoricalCounts {
  readonly name: string;
  readonly states: Float64Array;
  readonly categories: CategoryCounts;
}

/** What was counted of a vector feature. */
export interface VectorCounts {
  readonly name: string;
  readonly states: Float64Array;
}

/** Passed as the object it comes in: a number that is only passed on would be boxed on its way. */
export interface TimedCall {
  readonly durationSeconds?: unknown;
}

/** Everything that is counted of one model version in one role, or of one of its segments. */
export class ModelAggregate {
  readonly numeric: readonly NumericCounts[];
  readonly categorical: readonly CategoricalCounts[];
  readonly vectors: readonly VectorCounts[];
  readonly score: NumericHistogram;
  readonly value: NumericHistogram;
  /** Of a member to its ensemble; null for any other model. */
  readonly contribution: NumericHistogram | null;
  readonly labels: CategoryCounts;
  /** Seconds a call. */
  readonly duration: HistogramCounts;
  readonly batchSize: HistogramCounts;
  /** Failed predictions by error type. */
  readonly failed: CategoryCounts;
  succeeded = 0;
  readonly #histograms: HistogramBlock;
  readonly #exponentialColumns: readonly number[];
  readonly #exponential: readonly ExponentialHistogram[];
  readonly #categories: Float64Array;
  /** STATE_COUNT counts a feature; valid is what was counted beyond the marked ones, and stays 0 here. */
  readonly #states: Float64Array;
  readonly #calls: HistogramBlock = createHistogramBlock(callHistograms);
  readonly #callRow = new Float64Array(2);
  readonly #callBins = new Int32Array(2);
  readonly #failures: CategoryDictionary;
  readonly #failed: Float64Array;

  constructor(layout: ModelLayout) {
    const { plan, dictionaries, categoryOffsets, exponentialColumns, failures } = layout;
    const features = plan.numeric.length + plan.categorical.length + plan.vectors.length;
    this.#histograms = createHistogramBlock(layout.histograms);
    this.#exponentialColumns = exponentialColumns;
    this.#exponential = exponentialColumns.map(() => createExponentialHistogram());
    this.#categories = new Float64Array(categoryOffsets[dictionaries.length]!);
    this.#states = new Float64Array(features * STATE_COUNT);
    this.#failures = failures;
    this.#failed = new Float64Array(failures.limit + 1);
    const categoriesOf = (index: number) =>
      viewOf(dictionaries[index]!, this.#categories.subarray(categoryOffsets[index]!, categoryOffsets[index + 1]!));
    const statesOf = (index: number, count: number, marked: number) => this.#statesOf(index, count, marked);
    this.numeric = plan.numeric.map(({ name }, index) => {
      const counted = this.#histograms.histograms[index]!;
      return {
        name,
        histogram: this.#histogramOf(index),
        get states() {
          return statesOf(index, counted.count, OUT_OF_RANGE);
        },
      };
    });
    this.categorical = plan.categorical.map(({ name }, index) => {
      const categories = categoriesOf(index);
      return {
        name,
        categories,
        get states() {
          return statesOf(plan.numeric.length + index, categories.count, UNSEEN_CATEGORY);
        },
      };
    });
    this.vectors = plan.vectors.map(({ name }, index) => {
      const feature = plan.numeric.length + plan.categorical.length + index;
      // `statesOf` would need what was counted, of which vectors are no part.
      const states = () => {
        const own = this.#states.slice(feature * STATE_COUNT, (feature + 1) * STATE_COUNT);
        own[VALID] = this.succeeded - own.reduce((sum, count) => sum + count, 0);
        return own;
      };
      return {
        name,
        get states() {
          return states();
        },
      };
    });
    this.score = this.#histogramOf(layout.scoreColumn);
    this.value = this.#histogramOf(layout.valueColumn);
    this.contribution = layout.contributionColumn < 0 ? null : this.#histogramOf(layout.contributionColumn);
    this.labels = categoriesOf(plan.categorical.length);
    [this.duration, this.batchSize] = this.#calls.histograms as [HistogramCounts, HistogramCounts];
    this.failed = viewOf(failures, this.#failed);
  }

  /** Counts one answered prediction. Allocates nothing where all columns have boundaries. */
  add(reading: Reading): void {
    const { row, bins, categories, marks, markCount } = reading;
    this.succeeded += 1;
    this.#histograms.add(row, bins);
    const counts = this.#categories;
    for (let index = 0; index < categories.length; index++) {
      const place = categories[index]!;
      if (place >= 0) counts[place]! += 1;
    }
    for (let index = 0; index < markCount; index++) this.#states[marks[index]!]! += 1;
    for (let index = 0; index < this.#exponential.length; index++) {
      const column = this.#exponentialColumns[index]!;
      if (bins[column]! >= 0) this.#exponential[index]!.record(row[column]!);
    }
  }

  /** Counts one call: its predictions and the seconds it took, if it says. Returns whether it does. */
  addCall(size: number, call: TimedCall): boolean {
    const { durationSeconds } = call;
    const isTimed = isDuration(durationSeconds);
    this.#callRow[0] = isTimed ? durationSeconds : Number.NaN;
    this.#callRow[1] = size;
    callHistograms.locate(this.#callRow, this.#callBins);
    this.#calls.add(this.#callRow, this.#callBins);
    return isTimed;
  }

  addFailures(errorType: string, count: number): void {
    this.#failed[this.#failures.binOf(errorType)]! += count;
  }

  /** Counts what another one of the same layout has counted. */
  addAll(other: ModelAggregate): void {
    this.succeeded += other.succeeded;
    this.#histograms.addAll(other.#histograms);
    this.#calls.addAll(other.#calls);
    addInto(this.#categories, other.#categories);
    addInto(this.#states, other.#states);
    addInto(this.#failed, other.#failed);
    this.#exponential.forEach((histogram, index) => {
      histogram.add(other.#exponential[index]!);
    });
  }

  /** Forgets what was counted and keeps what counting needs. */
  reset(): void {
    this.succeeded = 0;
    for (const block of [this.#histograms, this.#calls]) block.reset();
    for (const histogram of this.#exponential) histogram.reset();
    for (const counts of [this.#categories, this.#states, this.#failed]) counts.fill(0);
  }

  #histogramOf(column: number): NumericHistogram {
    const index = this.#exponentialColumns.indexOf(column);
    return index < 0 ? this.#histograms.histograms[column]! : this.#exponential[index]!;
  }

  #statesOf(feature: number, counted: number, marked: number): Float64Array {
    const states = this.#states.slice(feature * STATE_COUNT, (feature + 1) * STATE_COUNT);
    states[VALID] = counted - states[marked]!;
    return states;
  }
}

/** Counts of the categories so far, the rest at the end. */
function viewOf(dictionary: CategoryDictionary, all: Float64Array): CategoryCounts {
  return {
    get categories() {
      return dictionary.categories;
    },
    get counts() {
      const known = dictionary.categories.length;
      return known === dictionary.limit ? all : Float64Array.of(...all.subarray(0, known), all[dictionary.limit]!);
    },
    get count() {
      return all.reduce((sum, count) => sum + count, 0);
    },
  };
}

function addInto(counts: Float64Array, added: Float64Array): void {
  for (let index = 0; index < counts.length; index++) counts[index]! += added[index]!;
}
