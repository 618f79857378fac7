import type { BatchLogRecordProcessor } from "@opentelemetry/sdk-logs";
import { FlushAhead } from "./flush-ahead.ts";

/** Events that may be recorded while those before them are exported. */
const FLUSH_EVERY = 10_000;

/**
 * Options of the log processor under replay. Its queue holds what is recorded during one flush, and one request more;
 * an export is as large as the group that the processor commits at once.
 */
export const REPLAY_QUEUE = { maxQueueSize: 4 * FLUSH_EVERY, maxExportBatchSize: 5_000, scheduledDelayMillis: 100 };

/**
 * A live service drops events when its queue is full, rather than wait. A replay has months of traffic to send as fast
 * as it is taken, and nothing to hurry for: it waits, so that nothing is dropped.
 */
export class LogBackpressure {
  readonly #flushes: FlushAhead;
  #recorded = 0;

  constructor(processor: BatchLogRecordProcessor) {
    this.#flushes = new FlushAhead(() => processor.forceFlush());
  }

  /** Resolves when there is room for more events. */
  async afterRecording(events: number): Promise<void> {
    this.#recorded += events;
    if (this.#recorded < FLUSH_EVERY) return;
    this.#recorded = 0;
    await this.#flushes.begin();
  }

  /** Resolves when the flush that runs, if any, is done; the processor's own shutdown does not wait for it. */
  settle(): Promise<void> {
    return this.#flushes.settle();
  }
}
