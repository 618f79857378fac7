import { OTHER_CATEGORY } from "@tidemark/semconv";
import { ModelAggregate } from "./model-aggregate.ts";
import type { ModelLayout } from "./model-layout.ts";
import type { Reading } from "./reading.ts";

/** Counts of one segment's value. */
export interface SegmentCounts {
  readonly name: string;
  readonly value: string;
  readonly counts: ModelAggregate;
}

/** The counts of a model: of all predictions, and of those in each value of its segments. */
export class SegmentedAggregate {
  readonly total: ModelAggregate;
  readonly #layout: ModelLayout;
  /** By segment and bin. */
  readonly #bySegment: readonly (ModelAggregate | undefined)[][];

  constructor(layout: ModelLayout) {
    this.#layout = layout;
    this.total = new ModelAggregate(layout);
    this.#bySegment = layout.segments.map(({ dictionary }) => new Array(dictionary.limit + 1).fill(undefined));
  }

  /** @param bins for each segment the bin of its value; -1 where there is none */
  add(reading: Reading, bins: Int32Array): void {
    this.total.add(reading);
    for (let segment = 0; segment < bins.length; segment++) {
      if (bins[segment]! >= 0) this.#at(segment, bins[segment]!).add(reading);
    }
  }

  addAll(other: SegmentedAggregate): void {
    this.total.addAll(other.total);
    other.#bySegment.forEach((values, segment) => {
      values.forEach((counts, bin) => {
        if (counts !== undefined) this.#at(segment, bin).addAll(counts);
      });
    });
  }

  reset(): void {
    this.total.reset();
    for (const values of this.#bySegment) for (const counts of values) counts?.reset();
  }

  /** Only what has been counted in. */
  segments(): SegmentCounts[] {
    return this.#layout.segments.flatMap(({ name, dictionary }, segment) =>
      this.#bySegment[segment]!.flatMap((counts, bin) =>
        counts === undefined ? [] : [{ name, value: dictionary.categories[bin] ?? OTHER_CATEGORY, counts }],
      ),
    );
  }

  #at(segment: number, bin: number): ModelAggregate {
    const values = this.#bySegment[segment]!;
    let counts = values[bin];
    if (counts === undefined) {
      counts = new ModelAggregate(this.#layout);
      values[bin] = counts;
    }
    return counts;
  }
}
