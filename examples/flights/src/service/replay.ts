import { Backpressure } from "../replay/backpressure.ts";
import type { Telemetry } from "./telemetry.ts";

/**
 * What a service that replays old traffic does beside its work, and a live one does not: it tells how far event time
 * has come, and waits where a live service would rather drop telemetry than answer late.
 */
export class Replay {
  readonly #telemetry: Telemetry;
  readonly #backpressure: Backpressure;

  constructor(telemetry: Telemetry) {
    this.#telemetry = telemetry;
    // Points first: the predictions tell the processor how far time has come, and by then its counts should be there.
    this.#backpressure = new Backpressure(async () => {
      await telemetry.metrics.forceFlush();
      await telemetry.logs.forceFlush();
    });
  }

  /** No departure before this time will be asked about any more. */
  advanceTo(eventTimeMs: number): void {
    this.#telemetry.tidemark.advanceTo(eventTimeMs);
  }

  /** Waits until the telemetry of the next request has room in the queues. */
  afterRequest(predictions: number): Promise<void> {
    return this.#backpressure.afterRecording(predictions);
  }

  /** After the last request: the hours that are still open have ended too. */
  async end(): Promise<void> {
    this.#telemetry.tidemark.closeLooks();
    await this.#backpressure.settle();
  }
}
