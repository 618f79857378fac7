import { labelText } from "../record/label-text.ts";
import type { Inputs, Prediction } from "../record/record-types.ts";
import type { DropCounter } from "../safety/drop-counter.ts";
import { describeValue } from "../safety/warn.ts";
import { compileReaders, createPlainReader, type ReadName, type ValueReader } from "./compile-reader.ts";
import type { FeatureRow } from "./feature-row.ts";
import { isVector } from "./is-vector.ts";
import type { ModelLayout } from "./model-layout.ts";
import { createReading, type Reading } from "./reading.ts";
import { MISSING, NON_FINITE, OUT_OF_RANGE, STATE_COUNT, TYPE_MISMATCH, UNSEEN_CATEGORY } from "./value-states.ts";

/** Stands for a value whose reading threw; no type that a feature could have. */
const UNREADABLE = Symbol("unreadable");

/**
 * Finds the places where a prediction of one model is counted. Numbers go into a typed array first and are then located
 * in one loop, so that none is boxed on its way.
 */
export class PredictionReader {
  /** Of the prediction that was read last. */
  readonly reading: Reading;
  readonly #layout: ModelLayout;
  readonly #drops: DropCounter;
  readonly #numericCount: number;
  readonly #names: readonly ReadName[];
  readonly #known: ReadonlySet<string>;
  readonly #readers: readonly ValueReader[];
  /** Elements of each vector feature; null where any number will do. */
  readonly #dimensions: readonly (number | null)[];
  /** Values that are no finite numbers: numeric features first, then categorical ones, then vectors. */
  readonly #others: unknown[];
  readonly #lowest: Float64Array;
  readonly #highest: Float64Array;
  /** Columns of a row in the declared order: of numeric features, then of categorical ones. */
  readonly #columns: Int32Array;

  constructor(layout: ModelLayout, drops: DropCounter) {
    const { numeric, categorical, vectors, ignoredInputs, columns } = layout.plan;
    this.reading = createReading(layout);
    this.#layout = layout;
    this.#drops = drops;
    this.#numericCount = numeric.length;
    this.#names = [
      ...numeric.map(({ name }) => ({ name, kind: "numeric" }) as const),
      ...categorical.map(({ name }) => ({ name, kind: "categorical" }) as const),
      ...vectors.map(({ name }) => ({ name, kind: "vector" }) as const),
      ...ignoredInputs.map((name) => ({ name, kind: "ignored" }) as const),
    ].map((read, position) => ({ ...read, position }));
    this.#known = new Set(this.#names.map(({ name }) => name));
    this.#readers = compileReaders(this.#names);
    this.#others = this.#names.map(() => undefined);
    this.#lowest = Float64Array.from(numeric, ({ lowest }) => lowest);
    this.#highest = Float64Array.from(numeric, ({ highest }) => highest);
    this.#dimensions = vectors.map(({ dimension }) => dimension);
    this.#columns = Int32Array.from([...numeric, ...categorical], ({ name }) => columns.indexOf(name));
  }

  /** Reads an object of feature values: every declared feature gets exactly one state. Never throws. */
  readObject(inputs: Inputs, prediction: Prediction): void {
    const { reading } = this;
    const found = this.#readValues(inputs);
    // Only now: a getter that itself records a prediction of this model has left its own marks.
    reading.markCount = 0;
    this.#markNumeric();
    const others = this.#others;
    const numericCount = this.#numericCount;
    for (let index = numericCount; index < this.#columns.length; index++) this.#locateCategory(index, others[index]);
    for (let index = 0; index < this.#dimensions.length; index++) this.#markVector(index);
    this.#countUnknown(inputs, found);
    this.#readPrediction(prediction);
    this.#layout.histograms.locate(reading.row, reading.bins);
  }

  /**
   * Reads a row of numbers, one for each declared feature in the declared order. A categorical feature has a code. A row of
   * another length is of the wrong shape: all its features are type mismatches.
   */
  readRow(given: FeatureRow, prediction: Prediction): void {
    const { reading } = this;
    reading.markCount = 0;
    if (given.length === this.#columns.length) this.#readColumns(given);
    else this.#refuseRow(given.length);
    for (let index = 0; index < this.#dimensions.length; index++) this.#mark(this.#columns.length + index, MISSING);
    this.#readPrediction(prediction);
    this.#layout.histograms.locate(reading.row, reading.bins);
  }

  /** The bin of a categorical feature in the prediction that was read last; -1 where it has none. */
  categoryBin(feature: number): number {
    const place = this.reading.categories[feature]!;
    return place < 0 ? -1 : place - this.#layout.categoryOffsets[feature]!;
  }

  #readValues(inputs: Inputs): number {
    try {
      let found = 0;
      for (let index = 0; index < this.#readers.length; index++) {
        found += this.#readers[index]!(inputs, this.reading.row, this.#others);
      }
      return found;
    } catch {
      return this.#readGuarded(inputs);
    }
  }

  /** Name by name, so that a getter that throws costs its own feature only. */
  #readGuarded(inputs: Inputs): number {
    let found = 0;
    for (const read of this.#names) {
      try {
        found += createPlainReader([read])(inputs, this.reading.row, this.#others);
      } catch {
        found++;
        if (read.kind === "numeric") this.reading.row[read.position] = Number.NaN;
        this.#others[read.position] = UNREADABLE;
        this.#drops.add("unreadable_feature", () => `reading feature ${describeValue(read.name)} threw`);
      }
    }
    return found;
  }

  #markNumeric(): void {
    const { row } = this.reading;
    const lowest = this.#lowest;
    const highest = this.#highest;
    for (let index = 0; index < lowest.length; index++) {
      const value = row[index]!;
      if (Number.isNaN(value)) this.#mark(index, stateOf(this.#others[index]));
      else if (value < lowest[index]! || value > highest[index]!) this.#mark(index, OUT_OF_RANGE);
    }
  }

  /** Text, booleans and finite numbers are categories; undefined and null are missing. */
  #locateCategory(index: number, value: unknown): void {
    const dictionary = this.#layout.dictionaries[index - this.#numericCount]!;
    if (typeof value === "string") this.#place(index, dictionary.binOf(value), value);
    else if (typeof value === "number" && Number.isInteger(value)) {
      const bin = dictionary.binOfCode(value);
      this.#place(index, bin, bin < dictionary.limit ? "" : dictionary.textOfCode(value));
    } else if (typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))) {
      this.#place(index, dictionary.binOf(`${value}`), `${value}`);
    } else {
      this.reading.categories[index - this.#numericCount] = -1;
      this.#mark(index, stateOf(value));
    }
  }

  #place(index: number, bin: number, text: string): void {
    const feature = index - this.#numericCount;
    const dictionary = this.#layout.dictionaries[feature]!;
    this.reading.categories[feature] = this.#layout.categoryOffsets[feature]! + bin;
    if (bin < dictionary.limit) return;
    if (!dictionary.isKnown(text)) this.#mark(index, UNSEEN_CATEGORY);
    else if (!dictionary.isListed) {
      this.#drops.add("series_overflow", () => `feature ${this.#names[index]!.name} has more than ${bin} categories`);
    }
  }

  /** Its length and first element are looked at: its elements only where they are sent. */
  #markVector(vector: number): void {
    const index = this.#columns.length + vector;
    const value = this.#others[index];
    // Vectors are large: the last one must not be held until the next prediction.
    this.#others[index] = undefined;
    const dimension = this.#dimensions[vector]!;
    if (value === undefined || value === null) this.#mark(index, MISSING);
    else if (!isVector(value) || (dimension !== null && value.length !== dimension)) this.#mark(index, TYPE_MISMATCH);
  }

  #readColumns(given: FeatureRow): void {
    const { row } = this.reading;
    const columns = this.#columns;
    const numericCount = this.#numericCount;
    const lowest = this.#lowest;
    const highest = this.#highest;
    for (let index = 0; index < numericCount; index++) {
      const value = given[columns[index]!]!;
      row[index] = value;
      if (value >= lowest[index]! && value <= highest[index]! && value - value === 0) continue;
      this.#markOdd(index, value);
    }
    for (let index = numericCount; index < columns.length; index++) {
      const value = given[columns[index]!]!;
      const code = value | 0;
      if (code === value) this.#locateCode(index, code);
      else this.#locateCategory(index, value);
    }
  }

  #locateCode(index: number, code: number): void {
    const feature = index - this.#numericCount;
    const dictionary = this.#layout.dictionaries[feature]!;
    const bin = dictionary.binOfCode(code);
    if (bin < dictionary.limit) this.reading.categories[feature] = this.#layout.categoryOffsets[feature]! + bin;
    else this.#place(index, bin, dictionary.textOfCode(code));
  }

  /** A number of a row that is out of range or not finite. */
  #markOdd(index: number, value: number): void {
    const isNumber = Number.isFinite(value);
    if (!isNumber) this.reading.row[index] = Number.NaN;
    this.#mark(index, isNumber ? OUT_OF_RANGE : NON_FINITE);
  }

  #refuseRow(length: number): void {
    const { row, categories } = this.reading;
    const expected = this.#columns.length;
    this.#drops.add("wrong_shape", () => `a row has ${length} values, expected ${expected}, one for each feature`);
    row.fill(Number.NaN);
    categories.fill(-1);
    for (let index = 0; index < expected; index++) this.#mark(index, TYPE_MISMATCH);
  }

  #mark(index: number, state: number): void {
    this.reading.marks[this.reading.markCount++] = index * STATE_COUNT + state;
  }

  /** Numbers go straight into the row: one that is passed on, or read by a name in a variable, would be boxed. */
  #readPrediction(prediction: Prediction): void {
    const { row, categories } = this.reading;
    const { scoreColumn, valueColumn, contributionColumn, dictionaries, categoryOffsets } = this.#layout;
    const { score, value } = prediction;
    row[scoreColumn] = typeof score === "number" && score - score === 0 ? score : Number.NaN;
    row[valueColumn] = typeof value === "number" && value - value === 0 ? value : Number.NaN;
    if (Number.isNaN(row[scoreColumn])) this.#noteIfOdd("score", score);
    if (Number.isNaN(row[valueColumn])) this.#noteIfOdd("value", value);
    if (contributionColumn >= 0) {
      const { contribution } = prediction;
      row[contributionColumn] = Number.isFinite(contribution) ? contribution! : Number.NaN;
      if (Number.isNaN(row[contributionColumn])) this.#noteIfOdd("contribution", contribution);
    }
    const { label } = prediction;
    const last = categories.length - 1;
    categories[last] = -1;
    if (label === undefined || label === null) return;
    const text = labelText(label);
    if (text !== undefined) categories[last] = categoryOffsets[last]! + dictionaries[last]!.binOf(text);
    else this.#drops.add("invalid_field", () => `label is ${describeValue(label)}, expected text`);
  }

  #noteIfOdd(field: string, value: unknown): void {
    if (value === undefined || value === null) return;
    this.#drops.add("invalid_field", () => `${field} is ${describeValue(value)}, expected a finite number`);
  }

  /** Counting the names is quick; they are looked at only where there are more than were found. */
  #countUnknown(inputs: Inputs, found: number): void {
    try {
      let names = 0;
      for (const _name in inputs) names++;
      if (names > found) this.#findUnknown(inputs);
    } catch {
      this.#drops.add("unreadable_feature", () => "listing the names of the inputs threw");
    }
  }

  #findUnknown(inputs: Inputs): void {
    let unknown = 0;
    let example = "";
    for (const name in inputs) {
      if (this.#known.has(name)) continue;
      unknown++;
      example = name;
    }
    if (unknown === 0) return;
    this.#drops.add("unknown_feature", () => `input ${describeValue(example)} is not a declared feature`, unknown);
  }
}

/** The state of a value that is no finite number, and no category. */
function stateOf(value: unknown): number {
  if (value === undefined || value === null) return MISSING;
  return typeof value === "number" ? NON_FINITE : TYPE_MISMATCH;
}
