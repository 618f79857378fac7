import { context, createContextKey } from "@opentelemetry/api";
import type { DropCounter } from "../safety/drop-counter.ts";
import { describeValue } from "../safety/warn.ts";
import type { DiskOutbox, StoredBatch } from "./disk-outbox.ts";
import type { ExportResult, FinishedLogRecord, LogRecordExporter, LogRecordProcessor } from "./log-sdk.ts";
import { vectorElements } from "./vector-elements.ts";

export interface RecordProcessorLimits {
  /** Records that wait in memory. */
  readonly maxQueueSize: number;
  /** Records of one export. */
  readonly maxBatchSize: number;
  /** Milliseconds that a record waits at most before its export begins. */
  readonly delayMs: number;
  /** Milliseconds after which an export that has not answered counts as failed. */
  readonly timeoutMs: number;
}

/** Numbers in the vectors of records that wait: 8 bytes each. */
const MAX_QUEUED_ELEMENTS = 4_000_000;
/** Exports that may have timed out and not answered yet: each still holds its batch. */
const MAX_HANGING = 4;
/** After failures the next attempt waits 1 s, 2 s, 4 s, ... up to a minute. */
const FIRST_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 60_000;
/** Refusals of a stored batch while others are taken before it is given up. */
const MAX_STRIKES = 3;
/** The SDK's key, by which the instrumentation of HTTP clients leaves exports alone. */
const SUPPRESS_TRACING = createContextKey("OpenTelemetry SDK Context Key SUPPRESS_TRACING");

/**
 * Between a logger provider and its exporter: a bounded queue that batches, one export at a time, and counts whatever is
 * lost. While exports fail, records go to the outbox, and from there, once one succeeds, oldest first; without an outbox
 * they wait as long as the queue has room. Nothing of it throws or keeps the process alive.
 */
export class RecordProcessor implements LogRecordProcessor {
  readonly #exporter: LogRecordExporter;
  readonly #limits: RecordProcessorLimits;
  readonly #outbox: DiskOutbox | null;
  readonly #drops: DropCounter;
  readonly #now: () => number;
  #queue: FinishedLogRecord[] = [];
  /** In the vectors of the records in the queue. */
  #queuedElements = 0;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  #hanging = 0;
  #failures = 0;
  #nextAttemptMs = 0;
  /** Whether the outbox may hold something: also what an earlier process left. */
  #hasStored: boolean;
  #isShutDown = false;

  constructor(
    exporter: LogRecordExporter,
    limits: RecordProcessorLimits,
    outbox: DiskOutbox | null,
    drops: DropCounter,
    now: () => number,
  ) {
    this.#exporter = exporter;
    this.#limits = limits;
    this.#outbox = outbox;
    this.#drops = drops;
    this.#now = now;
    this.#hasStored = outbox !== null;
    if (outbox !== null) this.#schedule();
  }

  onEmit(record: FinishedLogRecord): void {
    const { maxQueueSize, maxBatchSize } = this.#limits;
    if (this.#isShutDown || this.#queue.length >= maxQueueSize) {
      this.#drops.add("queue_overflow", () => `more than ${maxQueueSize} records wait for their export`);
      return;
    }
    const elements = vectorElements(record);
    if (this.#queuedElements + elements > MAX_QUEUED_ELEMENTS) {
      this.#drops.add(
        "queue_overflow",
        () => `vectors of more than ${MAX_QUEUED_ELEMENTS} numbers wait for their export`,
      );
      return;
    }
    this.#queuedElements += elements;
    this.#queue.push(record);
    if (this.#queue.length >= maxBatchSize && this.#running === null && this.#isDue()) this.#start(true);
    else this.#schedule();
  }

  async forceFlush(): Promise<void> {
    await this.#running;
    await this.#start(false);
    await this.#exporter.forceFlush?.();
  }

  async shutdown(): Promise<void> {
    this.#isShutDown = true;
    await this.#running;
    await this.#start(false);
    if (this.#timer !== null) clearTimeout(this.#timer);
    const left = this.#take(this.#queue.length);
    if (left.length > 0) await this.#store(left);
    await this.#exporter.shutdown();
  }

  /** The oldest records of the queue, at most so many. */
  #take(count: number): FinishedLogRecord[] {
    const taken = this.#queue.splice(0, count);
    if (this.#queuedElements > 0) for (const record of taken) this.#queuedElements -= vectorElements(record);
    return taken;
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#start(true);
    }, this.#limits.delayMs).unref();
  }

  #start(isPatient: boolean): Promise<void> {
    this.#running ??= this.#run(isPatient)
      .catch((error) => this.#drops.addError(error))
      .finally(() => {
        this.#running = null;
        if ((this.#queue.length > 0 || this.#hasStored) && !this.#isShutDown) this.#schedule();
      });
    return this.#running;
  }

  /** @param isPatient whether to wait for the next attempt after failures */
  async #run(isPatient: boolean): Promise<void> {
    if (isPatient && !this.#isDue()) {
      // The exporter is away: memory is kept free, and the exporter left in peace.
      if (this.#outbox !== null && this.#queue.length > 0) await this.#store(this.#take(this.#queue.length));
      return;
    }
    let hasSucceeded = false;
    for (;;) {
      const batch = this.#take(this.#limits.maxBatchSize);
      const isWanted = batch.length === 0 && this.#hasStored && !this.#isShutDown;
      const stored = isWanted ? await this.#oldestStored() : null;
      if (batch.length === 0 && stored === null) return;
      if (await this.#export(stored?.records ?? batch)) {
        hasSucceeded = true;
        this.#succeeded();
        await stored?.remove();
      } else {
        if (stored === null) await this.#failed(batch);
        else await this.#refused(stored, hasSucceeded);
        return;
      }
    }
  }

  async #oldestStored(): Promise<StoredBatch | null> {
    const stored = (await this.#outbox?.oldest()) ?? null;
    this.#hasStored = stored !== null;
    return stored;
  }

  #isDue(): boolean {
    const nowMs = this.#now();
    // A clock that was set back must not stop exports for long.
    if (this.#nextAttemptMs - nowMs > MAX_BACKOFF_MS) this.#nextAttemptMs = nowMs;
    return nowMs >= this.#nextAttemptMs;
  }

  #succeeded(): void {
    this.#failures = 0;
    this.#nextAttemptMs = 0;
  }

  #backOff(): void {
    this.#nextAttemptMs = this.#now() + Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** this.#failures);
    this.#failures++;
  }

  /** A stored batch waits on, behind the others; where others were taken just now, it is its own fault. */
  async #refused(stored: StoredBatch, isOwnFault: boolean): Promise<void> {
    if (!isOwnFault) this.#backOff();
    if (stored.postpone(isOwnFault) < MAX_STRIKES) return;
    const { length } = stored.records;
    this.#drops.add("export_failed", () => "the exporter refuses stored records again and again", length);
    await stored.remove();
  }

  async #failed(batch: FinishedLogRecord[]): Promise<void> {
    this.#backOff();
    if (this.#outbox !== null) {
      await this.#store(batch);
      return;
    }
    const room = this.#limits.maxQueueSize - this.#queue.length;
    const kept = batch.slice(Math.max(0, batch.length - room));
    this.#queue.unshift(...kept);
    for (const record of kept) this.#queuedElements += vectorElements(record);
    const lost = batch.length - room;
    if (lost > 0) this.#drops.add("queue_overflow", () => "exports fail, and the queue has no room left", lost);
  }

  async #store(records: readonly FinishedLogRecord[]): Promise<void> {
    const { maxBatchSize } = this.#limits;
    if (this.#outbox === null) {
      this.#drops.add("export_failed", () => "the service ends while exports fail", records.length);
      return;
    }
    this.#hasStored = true;
    for (let from = 0; from < records.length; from += maxBatchSize) {
      await this.#outbox.add(records.slice(from, from + maxBatchSize));
    }
  }

  /** Whether the exporter took the batch, in time. */
  #export(batch: FinishedLogRecord[]): Promise<boolean> {
    if (this.#hanging >= MAX_HANGING) return Promise.resolve(false);
    return new Promise((resolve) => {
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        this.#hanging++;
        resolve(false);
      }, this.#limits.timeoutMs).unref();
      const settle = (result: ExportResult) => {
        clearTimeout(timer);
        if (isLate) this.#hanging--;
        isLate = false;
        resolve(result.code === 0);
      };
      try {
        context.with(context.active().setValue(SUPPRESS_TRACING, true), () => this.#exporter.export(batch, settle));
      } catch (error) {
        clearTimeout(timer);
        this.#drops.add("internal_error", () => `the exporter threw ${describeValue(error)}`);
        resolve(false);
      }
    });
  }
}
