/** Events that may be recorded while those before them are exported. */
const FLUSH_EVERY = 10_000;

/**
 * Options of the log processor under replay. Its queue holds what is recorded during one flush, and one request more.
 * Large exports are cheap to store: the processor commits each as a whole.
 */
export const REPLAY_QUEUE = {
  maxQueueSize: 4 * FLUSH_EVERY,
  maxExportBatchSize: FLUSH_EVERY,
  scheduledDelayMillis: 5_000,
};

/**
 * A live service drops events when its queue is full, rather than wait. A replay has months of traffic to send as fast
 * as it is taken, and nothing to hurry for: one flush runs beside the work that fills the queue again, and whoever is
 * faster waits, so that nothing is dropped.
 */
export class Backpressure {
  readonly #flush: () => Promise<void>;
  #running: Promise<void> = Promise.resolve();
  #recorded = 0;

  constructor(flush: () => Promise<void>) {
    this.#flush = flush;
  }

  /** Resolves when there is room for more events. */
  async afterRecording(events: number): Promise<void> {
    this.#recorded += events;
    if (this.#recorded < FLUSH_EVERY) return;
    this.#recorded = 0;
    await this.#running;
    this.#running = this.#flush();
  }

  /** Resolves when the flush that runs, if any, is done; the SDK's own shutdown does not wait for it. */
  settle(): Promise<void> {
    return this.#running;
  }
}
