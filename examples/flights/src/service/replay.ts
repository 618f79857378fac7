import { FlushAhead } from "../replay/flush-ahead.ts";
import { LogBackpressure } from "../replay/log-backpressure.ts";
import type { Telemetry } from "./telemetry.ts";

/** Closed looks that wait for an export: at an hour each and about 10 kB, half a megabyte. */
const LOOKS_PER_EXPORT = 48;

/**
 * What a service that replays old traffic does beside its work, and a live one does not: it tells how far event time
 * has come, and waits where a live service would rather drop telemetry than answer late.
 */
export class Replay {
  readonly #telemetry: Telemetry;
  readonly #logs: LogBackpressure;
  readonly #metrics: FlushAhead;

  constructor(telemetry: Telemetry) {
    this.#telemetry = telemetry;
    this.#logs = new LogBackpressure(telemetry.logs);
    this.#metrics = new FlushAhead(() => telemetry.metrics.forceFlush());
  }

  /** No departure before this time will be asked about any more. */
  advanceTo(eventTimeMs: number): void {
    this.#telemetry.tidemark.advanceTo(eventTimeMs);
  }

  /** Waits until the telemetry of a request has room in the queues. */
  async afterRequest(predictions: number): Promise<void> {
    if (this.#telemetry.tidemark.queuedLooks >= LOOKS_PER_EXPORT) await this.#metrics.begin();
    await this.#logs.afterRecording(predictions);
  }

  /** After the last request: the hours that are still open have ended too. */
  async end(): Promise<void> {
    this.#telemetry.tidemark.closeLooks();
    await Promise.all([this.#metrics.settle(), this.#logs.settle()]);
  }
}
