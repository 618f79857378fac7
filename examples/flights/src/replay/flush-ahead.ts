/**
 * Lets one flush of a queue run beside the work that fills it again, and no second one: whoever is faster waits, and
 * the queue never holds more than two fillings.
 */
export class FlushAhead {
  readonly #flush: () => Promise<void>;
  #running: Promise<void> = Promise.resolve();

  constructor(flush: () => Promise<void>) {
    this.#flush = flush;
  }

  /** Resolves when the flush before is done and the next has begun. */
  async begin(): Promise<void> {
    await this.#running;
    this.#running = this.#flush();
  }

  /** Resolves when the flush that runs, if any, is done. */
  async settle(): Promise<void> {
    await this.#running;
  }
}
