import { SeverityNumber } from "@opentelemetry/api-logs";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";

/** Twelve numbers and two categories. */
export const FEATURES: readonly string[] = [...Array.from({ length: 12 }, (_, index) => `n${index}`), "c0", "c1"];

const SPAN_MS = 10 * 3_600_000;
const FLUSH_EVERY = 5_000;

/** The value of a feature in a row: the same in the reference and in the traffic. */
export function featureOf(name: string, row: number): number | string {
  const index = Number(name.slice(1));
  const mixed = Math.imul(row + 1, 2_654_435_761 + index * 40_503) >>> 8;
  return name.startsWith("c") ? `k${mixed % 20}` : (mixed % 10_000) / 100;
}

/** Prediction events of the last ten hours through a stock SDK, as OTLP/HTTP protobuf; waits for its queue. */
export async function sendPredictions(url: string, count: number): Promise<void> {
  const processor = new BatchLogRecordProcessor({
    exporter: new OTLPLogExporter({ url: `${url}/v1/logs` }),
    maxQueueSize: 4 * FLUSH_EVERY,
    maxExportBatchSize: 1_000,
  });
  const provider = new LoggerProvider({ processors: [processor] });
  const logger = provider.getLogger("bench");
  const startMs = Date.now() - SPAN_MS - 600_000;
  for (let row = 0; row < count; row++) {
    logger.emit({
      eventName: "ml.inference.details",
      severityNumber: SeverityNumber.INFO,
      timestamp: startMs + Math.floor((row / count) * SPAN_MS),
      attributes: {
        "ml.model.name": "bench",
        "ml.model.version": "1",
        "ml.inference.id": `bench-${row}`,
        "ml.prediction.label": row % 4 === 0 ? "yes" : "no",
        "ml.prediction.score": (row % 1_000) / 1_000,
        "ml.inference.inputs": Object.fromEntries(FEATURES.map((name) => [name, featureOf(name, row)])),
      },
    });
    if (row % FLUSH_EVERY === FLUSH_EVERY - 1) await processor.forceFlush();
  }
  await provider.shutdown();
}
