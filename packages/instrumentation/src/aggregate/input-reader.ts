import type { Inputs } from "../record/record-types.ts";
import type { DropCounter } from "../safety/drop-counter.ts";
import { describeValue } from "../safety/warn.ts";
import type { CategoricalFeature } from "./categorical-feature.ts";
import type { NumericFeatures } from "./numeric-features.ts";
import { TYPE_MISMATCH } from "./value-states.ts";

const UNKNOWN = -1;
const IGNORED = -2;
/** Names beyond the declared ones whose positions are remembered; more are looked up in each record. */
const MAX_GUESSED_EXTRAS = 100;
/** Longer names are not remembered either. */
const MAX_GUESSED_LENGTH = 256;

/**
 * Gives each value of an inputs object to its feature. Features are numbered: numeric ones first, then categorical ones.
 *
 * One pass over the object's own order, because an engine reads a property that it is just enumerating several times
 * faster than one named by a variable. Services build their inputs in one order, so the feature at each position is
 * guessed from the record before, and looked up by name only where the guess fails. What the pass did not meet is read
 * by name: accessors of a class, absent features, and all that follows a getter that threw.
 */
export class InputReader {
  readonly #numeric: NumericFeatures;
  readonly #categorical: readonly CategoricalFeature[];
  readonly #drops: DropCounter;
  readonly #names: readonly string[];
  readonly #indexes: ReadonlyMap<string, number>;
  /** By position in the inputs: the name last met there, and its feature, UNKNOWN or IGNORED. */
  readonly #guessedNames: string[];
  readonly #guessedIndexes: Int32Array;
  /** By feature: the number of the record in which it was last met. */
  readonly #metIn: Float64Array;
  #record = 0;

  constructor(
    numeric: NumericFeatures,
    categorical: readonly CategoricalFeature[],
    ignored: readonly string[],
    drops: DropCounter,
  ) {
    this.#numeric = numeric;
    this.#categorical = categorical;
    this.#drops = drops;
    this.#names = [...numeric.counts.map(({ name }) => name), ...categorical.map(({ name }) => name)];
    this.#indexes = new Map([
      ...ignored.map((name) => [name, IGNORED] as const),
      ...this.#names.map((name, index) => [name, index] as const),
    ]);
    this.#guessedNames = [...this.#names];
    this.#guessedIndexes = Int32Array.from({ length: this.#names.length + MAX_GUESSED_EXTRAS }, (_, index) => index);
    this.#metIn = new Float64Array(this.#names.length);
  }

  /** Counts every declared feature exactly once; never throws. */
  read(inputs: Inputs): void {
    const record = ++this.#record;
    const numeric = this.#numeric;
    const categorical = this.#categorical;
    const numericCount = numeric.counts.length;
    const guessedNames = this.#guessedNames;
    const guessedIndexes = this.#guessedIndexes;
    const metIn = this.#metIn;
    let met = 0;
    let unknown = 0;
    let position = 0;
    try {
      for (const name in inputs) {
        let index = guessedIndexes[position]!;
        if (guessedNames[position] !== name) index = this.#lookUp(name, position);
        position++;
        if (index < 0) {
          if (index === UNKNOWN) unknown++;
          continue;
        }
        const value = inputs[name];
        if (index < numericCount) numeric.set(index, value);
        else categorical[index - numericCount]!.record(value);
        metIn[index] = record;
        met++;
      }
    } catch {
      // The feature at fault is read again below, by name, and counted there.
    }
    if (unknown > 0) this.#countUnknown(inputs, unknown);
    if (met < metIn.length) this.#readUnmet(inputs, record);
    numeric.recordRow();
  }

  #take(index: number, value: unknown): void {
    const numericCount = this.#numeric.counts.length;
    if (index < numericCount) this.#numeric.set(index, value);
    else this.#categorical[index - numericCount]!.record(value);
  }

  #lookUp(name: string, position: number): number {
    const index = this.#indexes.get(name) ?? UNKNOWN;
    if (position < this.#guessedIndexes.length && name.length <= MAX_GUESSED_LENGTH) {
      this.#guessedNames[position] = name;
      this.#guessedIndexes[position] = index;
    }
    return index;
  }

  #countUnknown(inputs: Inputs, count: number): void {
    const example = () => Object.keys(inputs).find((name) => !this.#indexes.has(name));
    this.#drops.add("unknown_feature", () => `input ${describeValue(example())} is not a declared feature`, count);
  }

  #readUnmet(inputs: Inputs, record: number): void {
    for (let index = 0; index < this.#names.length; index++) {
      if (this.#metIn[index] === record) continue;
      const name = this.#names[index]!;
      try {
        this.#take(index, inputs[name]);
      } catch {
        this.#takeUnreadable(index);
        this.#drops.add("unreadable_feature", () => `reading feature ${name} threw`);
      }
    }
  }

  #takeUnreadable(index: number): void {
    const numericCount = this.#numeric.counts.length;
    if (index < numericCount) this.#numeric.setUnreadable(index);
    else this.#categorical[index - numericCount]!.states[TYPE_MISMATCH]! += 1;
  }
}
