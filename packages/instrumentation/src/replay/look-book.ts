import type { SegmentedAggregate } from "../aggregate/segmented-aggregate.ts";

/** Looks of one model that may be open at once; a further one is counted in the nearest open look before it. */
const MAX_OPEN_LOOKS = 16;

/** What closing a look gives: the counts of the look and all since the first. */
export interface ClosedLook {
  readonly look: SegmentedAggregate;
  readonly total: SegmentedAggregate;
}

/**
 * The counts of one model under replay, look by look. A record is counted in the look of its event time, whatever the
 * order of records, as long as that look is open; a record of a closed look is counted in the earliest open one.
 */
export class LookBook {
  readonly #create: () => SegmentedAggregate;
  /** Reset and ready for a further look: building one costs more than a look's records. */
  readonly #spare: SegmentedAggregate[] = [];
  readonly #open = new Map<number, SegmentedAggregate>();
  readonly #total: SegmentedAggregate;

  constructor(create: () => SegmentedAggregate) {
    this.#create = create;
    this.#total = create();
  }

  /** @param look index of the look, at least the earliest that may still be open */
  aggregateAt(look: number): SegmentedAggregate {
    const found = this.#open.get(look);
    if (found !== undefined) return found;
    if (this.#open.size >= MAX_OPEN_LOOKS) return this.#open.get(this.#nearestOpen(look))!;
    const created = this.#spare.pop() ?? this.#create();
    this.#open.set(look, created);
    return created;
  }

  openLooks(): IterableIterator<number> {
    return this.#open.keys();
  }

  /**
   * Closes a look and hands its counts to `use`, which must not keep them; not called where nothing was recorded.
   * Looks are closed in ascending order.
   */
  close(look: number, use: (closed: ClosedLook) => void): void {
    const counts = this.#open.get(look);
    if (counts === undefined) return;
    this.#open.delete(look);
    this.#total.addAll(counts);
    use({ look: counts, total: this.#total });
    counts.reset();
    this.#spare.push(counts);
  }

  #nearestOpen(look: number): number {
    const looks = [...this.#open.keys()].sort((a, b) => a - b);
    return looks.findLast((open) => open < look) ?? looks[0]!;
  }
}
