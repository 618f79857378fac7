/** Event time in looks of equal length, aligned to the Unix epoch: which may still be counted in, which are closed. */
export class LookClock {
  readonly #lookMs: number;
  /** Looks below are closed. */
  #closedBelow = Number.NEGATIVE_INFINITY;
  /** The first look that anything was said of; the start of all cumulative points. */
  #first = Number.POSITIVE_INFINITY;

  constructor(lookMs: number) {
    this.#lookMs = lookMs;
  }

  /** Index of the look that a record of this event time is counted in: its own, or the earliest open one. */
  lookOf(eventTimeMs: number): number {
    const look = Math.max(Math.floor(eventTimeMs / this.#lookMs), this.#closedBelow);
    if (look < this.#first && this.#closedBelow === Number.NEGATIVE_INFINITY) this.#first = look;
    return look;
  }

  /** Closes every look that ends at or before this event time, and returns the first that is open. */
  advanceTo(eventTimeMs: number): number {
    return this.closeBelow(Math.floor(eventTimeMs / this.#lookMs));
  }

  closeBelow(look: number): number {
    this.#first = Math.min(this.#first, look);
    this.#closedBelow = Math.max(this.#closedBelow, look);
    return this.#closedBelow;
  }

  /** Begin of the first look, Unix milliseconds. */
  get startMs(): number {
    return this.#first * this.#lookMs;
  }

  endMs(look: number): number {
    return (look + 1) * this.#lookMs;
  }
}
