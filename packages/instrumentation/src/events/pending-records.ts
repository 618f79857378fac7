import type { RecordSampler } from "../sampling/record-sampler.ts";
import { createReservoir, type Reservoir } from "../sampling/reservoir.ts";
import { withProbability } from "./event-records.ts";
import type { LogRecord } from "./find-logger.ts";

/** Outcomes that wait for one id: what is resolved again and again must not grow. */
const MAX_OUTCOMES = 16;

interface PendingRecord {
  readonly id: string;
  readonly record: LogRecord;
  /** Probability with which it came this far. */
  readonly probability: number;
}

/** What waits under one id: predictions (champion and shadow share one), and the outcomes that follow them. */
interface PendingId {
  predictions: number;
  readonly outcomes: LogRecord[];
}

export interface PendingOptions {
  readonly size: number;
  readonly intervalMs: number;
  readonly random: () => number;
  readonly sampler: RecordSampler;
  /** Must not throw. */
  readonly emit: (record: LogRecord) => void;
}

/**
 * Prediction events of the current interval that are in the reservoir so far, and outcomes that have already come for
 * them. At the interval's end, in event time or by the clock, whichever comes first, they are sent.
 */
export class PendingRecords {
  readonly #options: PendingOptions;
  readonly #reservoir: Reservoir<PendingRecord>;
  readonly #ids = new Map<string, PendingId>();
  #interval = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: PendingOptions) {
    this.#options = options;
    this.#reservoir = createReservoir(options.size, options.random);
  }

  /** Whether a prediction gets in, for now; then `put` must follow. */
  offer(id: string, timeMs: number): boolean {
    const { intervalMs, sampler } = this.#options;
    const interval = Math.floor(timeMs / intervalMs);
    if (interval > this.#interval) {
      this.flush();
      this.#interval = interval;
    }
    this.#timer ??= setTimeout(() => this.flush(), intervalMs).unref();
    const isIn = this.#reservoir.offer();
    if (!isIn && !this.isPending(id)) sampler.note(id, false);
    return isIn;
  }

  /** @param probability with which it was offered */
  put(id: string, record: LogRecord, probability: number): void {
    const left = this.#reservoir.put({ id, record, probability });
    if (left !== undefined) this.#leave(left.id);
    const pending = this.#ids.get(id);
    if (pending === undefined) this.#ids.set(id, { predictions: 1, outcomes: [] });
    else pending.predictions++;
  }

  isPending(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Keeps an outcome beside its prediction, which must be pending. */
  putOutcome(id: string, record: LogRecord): void {
    const { outcomes } = this.#ids.get(id)!;
    if (outcomes.length === MAX_OUTCOMES) outcomes.shift();
    outcomes.push(record);
  }

  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const { emit, sampler } = this.#options;
    const { items, probability } = this.#reservoir.take();
    for (const { record, probability: before } of items) emit(withProbability(record, before * probability));
    for (const [id, { outcomes }] of this.#ids) {
      sampler.note(id, true);
      for (const outcome of outcomes) emit(outcome);
    }
    this.#ids.clear();
  }

  #leave(id: string): void {
    const pending = this.#ids.get(id);
    if (pending === undefined) return;
    pending.predictions--;
    if (pending.predictions > 0) return;
    this.#ids.delete(id);
    this.#options.sampler.note(id, false);
  }
}
