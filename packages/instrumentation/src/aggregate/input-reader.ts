import type { Inputs } from "../record/record-types.ts";
import type { DropCounter } from "../safety/drop-counter.ts";
import { describeValue } from "../safety/warn.ts";
import type { CategoricalFeature } from "./categorical-feature.ts";
import { compileReaders, createPlainReader, type ReadName, type ValueReader } from "./compile-reader.ts";
import type { NumericFeatures } from "./numeric-features.ts";

/** Stands for a value whose reading threw; no type that a feature could have. */
const UNREADABLE = Symbol("unreadable");

/** Gives each value of an inputs object to its feature. */
export class InputReader {
  readonly #numeric: NumericFeatures;
  readonly #categorical: readonly CategoricalFeature[];
  readonly #drops: DropCounter;
  readonly #names: readonly ReadName[];
  readonly #known: ReadonlySet<string>;
  readonly #readers: readonly ValueReader[];
  /** Values of the current record that are no finite numbers: numeric features first, then categorical ones. */
  readonly #others: unknown[];

  constructor(
    numeric: NumericFeatures,
    categorical: readonly CategoricalFeature[],
    ignored: readonly string[],
    drops: DropCounter,
  ) {
    this.#numeric = numeric;
    this.#categorical = categorical;
    this.#drops = drops;
    this.#names = [
      ...numeric.counts.map(({ name }) => ({ name, kind: "numeric" }) as const),
      ...categorical.map(({ name }) => ({ name, kind: "categorical" }) as const),
      ...ignored.map((name) => ({ name, kind: "ignored" }) as const),
    ].map((read, position) => ({ ...read, position }));
    this.#known = new Set(this.#names.map(({ name }) => name));
    this.#readers = compileReaders(this.#names);
    this.#others = this.#names.map(() => undefined);
  }

  /** Counts every declared feature exactly once; never throws. */
  read(inputs: Inputs): void {
    const found = this.#readValues(inputs);
    const others = this.#others;
    const categorical = this.#categorical;
    const numericCount = this.#numeric.counts.length;
    this.#numeric.recordRow(others);
    for (let index = 0; index < categorical.length; index++) categorical[index]!.record(others[numericCount + index]);
    this.#countUnknown(inputs, found);
  }

  #readValues(inputs: Inputs): number {
    try {
      let found = 0;
      for (const reader of this.#readers) found += reader(inputs, this.#numeric.row, this.#others);
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
        found += createPlainReader([read])(inputs, this.#numeric.row, this.#others);
      } catch {
        found++;
        this.#numeric.row[read.position] = Number.NaN;
        this.#others[read.position] = UNREADABLE;
        this.#drops.add("unreadable_feature", () => `reading feature ${describeValue(read.name)} threw`);
      }
    }
    return found;
  }

  /** Counting the names is quick; they are looked at only where there are more than were found. */
  #countUnknown(inputs: Inputs, found: number): void {
    try {
      let names = 0;
      for (const _name in inputs) names++;
      if (names <= found) return;
      let unknown = 0;
      let example = "";
      for (const name in inputs) {
        if (this.#known.has(name)) continue;
        unknown++;
        example = name;
      }
      if (unknown === 0) return;
      this.#drops.add("unknown_feature", () => `input ${describeValue(example)} is not a declared feature`, unknown);
    } catch {
      this.#drops.add("unreadable_feature", () => "listing the names of the inputs threw");
    }
  }
}
