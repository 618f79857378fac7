// A model's service with the stock SDK: two days of predictions in event time, of which the second fails in part where it is told to.
//   MODEL, PROFILE (its file), START_MS, FAILING ("1": three in ten of the second day's predictions fail), OTEL_RESOURCE_ATTRIBUTES, OTEL_EXPORTER_OTLP_ENDPOINT
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { detectResources, envDetector } from "@opentelemetry/resources";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { createTidemark } from "@tidemark/instrumentation";

const { MODEL = "", PROFILE = "", START_MS = "0", FAILING = "" } = process.env;
const DAY_MS = 86_400_000;
const ROWS_A_DAY = 2_400;

const tidemark = createTidemark({ replay: true });
const reader = new PeriodicExportingMetricReader({
  exporter: new OTLPMetricExporter(),
  metricProducers: [tidemark.metricProducer],
});
const provider = new MeterProvider({ resource: detectResources({ detectors: [envDetector] }), readers: [reader] });
const model = tidemark.describeModel({ name: MODEL, version: "1", profile: PROFILE, events: false });

for (let row = 0; row < 2 * ROWS_A_DAY; row++) {
  const timeMs = Number(START_MS) + (row * DAY_MS) / ROWS_A_DAY;
  const isFailed = FAILING === "1" && row >= ROWS_A_DAY && row % 10 < 3;
  // Whatever fails, what is left of the inputs is like all of them: nothing drifts.
  const inputs = { distance: (row * 37) % 1_000, origin: Math.floor(row / 10) % 2 === 0 ? "LAS" : "PHX" };
  if (isFailed) model.record({ inputs, timeMs, durationSeconds: 0.01, error: new Error("out of memory") });
  else model.record({ inputs, timeMs, durationSeconds: 0.01, score: ((row * 7) % 100) / 100 });
  tidemark.advanceTo(timeMs - 3_600_000);
}
tidemark.closeLooks();
await provider.forceFlush();
await provider.shutdown();
console.log("done");
