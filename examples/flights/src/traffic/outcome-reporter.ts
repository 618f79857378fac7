import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { createTidemark } from "@tidemark/instrumentation";
import { type Flight, MODEL_NAME } from "../flights/flight.ts";
import { Backpressure, REPLAY_QUEUE } from "../replay/backpressure.ts";

/** Reports what became of the flights: ground truth, from another process than the one that predicted. */
export class OutcomeReporter {
  readonly #processor = new BatchLogRecordProcessor({ exporter: new OTLPLogExporter(), ...REPLAY_QUEUE });
  readonly #provider = new LoggerProvider({
    resource: resourceFromAttributes({ "service.name": "flight-operations" }),
    processors: [this.#processor],
  });
  readonly #tidemark = createTidemark({ loggerProvider: this.#provider });
  readonly #backpressure = new Backpressure(() => this.#processor.forceFlush());
  #reported = 0;

  get reported(): number {
    return this.#reported;
  }

  async report(landed: readonly Flight[]): Promise<void> {
    for (const { departure, outcome, landingMs } of landed) {
      this.#tidemark.recordOutcome(MODEL_NAME, { id: departure.id, kind: "class", label: outcome, timeMs: landingMs });
    }
    this.#reported += landed.length;
    await this.#backpressure.afterRecording(landed.length);
  }

  /** Sends what is still queued. */
  async close(): Promise<void> {
    await this.#backpressure.settle();
    await this.#provider.shutdown();
  }
}
