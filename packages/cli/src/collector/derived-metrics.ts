import type { Profile } from "@tidemark/schema";
import { attr, event, type MetricDefinition, metrics } from "@tidemark/semconv";
import { type Field, inputPath, keyOf } from "./field-keys.ts";

/** One entry of `connectors.signal_to_metrics.logs`. */
export interface DerivedMetric {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly attributes: readonly Record<string, unknown>[];
  readonly conditions: readonly string[];
  readonly histogram?: { readonly buckets: readonly number[]; readonly value: string };
  readonly sum?: { readonly value: string };
}

const IDENTITY = [
  { key: attr.modelName },
  { key: attr.modelVersion },
  { key: attr.deploymentRole, default_value: "champion" },
];

/** The metrics that a service with Tidemark's instrumentation would send of this model, counted from its events. */
export function derivedMetrics({ model, fields }: Profile): DerivedMetric[] {
  const isPrediction = [
    `event_name == "${event.inferenceDetails}"`,
    `attributes["${attr.modelName}"] == ${JSON.stringify(model.name)}`,
  ].join(" and ");
  const entry = (
    definition: MetricDefinition,
    attributes: readonly Record<string, unknown>[],
    condition: string | null,
    value: Pick<DerivedMetric, "histogram" | "sum">,
  ): DerivedMetric => ({
    name: definition.name,
    description: definition.meaning,
    unit: definition.unit,
    attributes: [...IDENTITY, ...attributes],
    conditions: [condition === null ? isPrediction : `${isPrediction} and ${condition}`],
    ...value,
  });
  const count = { sum: { value: "1" } };
  const features = fields.filter(({ target }) => target === "feature");
  return [
    entry(metrics.inferencePredictions, [{ key: attr.errorType, optional: true }], null, count),
    entry(
      metrics.predictionLabels,
      [{ key: attr.predictionLabel }],
      `attributes["${attr.predictionLabel}"] != nil`,
      count,
    ),
    ...fields.flatMap((field) => outputMetric(field, entry)),
    ...features.flatMap((field) => {
      const ofFeature = { key: attr.featureName, default_value: field.name };
      const state = { key: keyOf("state", field) };
      const hasState = `attributes["${state.key}"] != nil`;
      const values = entry(metrics.featureValues, [ofFeature, state], hasState, count);
      if (field.kind === "numeric") {
        const isNumber = `(attributes["${state.key}"] == "valid" or attributes["${state.key}"] == "out_of_range")`;
        const histogram = { buckets: field.boundaries, value: `Double(${inputPath(field)})` };
        return [values, entry(metrics.featureValue, [ofFeature], isNumber, { histogram })];
      }
      const category = { key: keyOf("category", field) };
      const hasCategory = `attributes["${category.key}"] != nil`;
      return [values, entry(metrics.featureCategories, [ofFeature, category], hasCategory, count)];
    }),
  ];
}

/** The histogram of scores or of predicted quantities, on the profile's boundaries. */
function outputMetric(
  field: Field,
  entry: (
    definition: MetricDefinition,
    attributes: readonly Record<string, unknown>[],
    condition: string,
    value: Pick<DerivedMetric, "histogram">,
  ) => DerivedMetric,
): DerivedMetric[] {
  if (field.target !== "prediction" || field.kind !== "numeric") return [];
  const [definition, key] =
    field.name === "score"
      ? [metrics.predictionScore, attr.predictionScore]
      : [metrics.predictionValue, attr.predictionValue];
  const value = `attributes["${key}"]`;
  return [
    entry(definition, [], `${value} != nil`, { histogram: { buckets: field.boundaries, value: `Double(${value})` } }),
  ];
}
