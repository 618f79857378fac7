import type { MetricDefinition } from "@tidemark/semconv";

/** One point of a metric that the processor emits, the same for OTLP and for Prometheus. */
export interface EmittedPoint {
  readonly metric: MetricDefinition;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly value: number;
}
