import { attr, type Instrument, metric, metrics } from "@tidemark/semconv";
import type { PointKind } from "./point-draft.ts";

/** What a point of a known metric must look like. */
export interface KnownMetric {
  readonly kinds: readonly PointKind[];
  readonly isMonotonic: boolean;
  /** Metrics of the process belong to a service and carry no model. */
  readonly needsModel: boolean;
  readonly needsFeature: boolean;
  /** The attribute that becomes the point's `key`, and whether a point without it means nothing. */
  readonly key: { readonly name: string; readonly required: boolean } | null;
}

const KINDS: Readonly<Record<Instrument, readonly PointKind[]>> = {
  counter: ["sum"],
  // Some runtimes observe a current amount, such as memory in use, as a gauge.
  updowncounter: ["sum", "gauge"],
  gauge: ["gauge"],
  histogram: ["histogram", "exponential_histogram"],
};

const FEATURE_METRICS: ReadonlySet<string> = new Set([
  metric.featureValue,
  metric.featureCategories,
  metric.featureValues,
]);

const KEYS: ReadonlyMap<string, { readonly name: string; readonly required: boolean }> = new Map([
  [metric.featureCategories, { name: attr.featureCategory, required: true }],
  [metric.featureValues, { name: attr.featureValueState, required: true }],
  [metric.predictionLabels, { name: attr.predictionLabel, required: true }],
  [metric.inferencePredictions, { name: attr.errorType, required: false }],
  [metric.inferenceDuration, { name: attr.errorType, required: false }],
  [metric.instrumentationDropped, { name: attr.dropReason, required: false }],
]);

/** The metrics of monitored services, by name; all others are ignored. */
export const knownMetrics: ReadonlyMap<string, KnownMetric> = new Map(
  Object.values(metrics)
    .filter(({ emitter }) => emitter === "service")
    .map(({ name, instrument }) => [
      name,
      {
        kinds: KINDS[instrument],
        isMonotonic: instrument === "counter",
        needsModel: name.startsWith("ml."),
        needsFeature: FEATURE_METRICS.has(name),
        key: KEYS.get(name) ?? null,
      },
    ]),
);
