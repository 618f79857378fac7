import type { Profile } from "@tidemark/schema";
import { attr } from "@tidemark/semconv";
import { stringify } from "yaml";
import { derivedMetrics } from "./derived-metrics.ts";
import { featureStatements } from "./feature-statements.ts";
import { keyOf } from "./field-keys.ts";

const COMMENT = `# Profile metrics from the prediction events of any language, made from the models' profiles by \`tidemark collector-config\`.
# Added to the gateway:  --config gateway.yaml --config logs-to-profiles.yaml
#
#   logs ──► processor, as before
#        └─► what each value is (state, category) ──► counted (signal_to_metrics) ──► processor
#
# For services that send events with \`ml.inference.inputs\` and no profile metrics of their own: with both, values would be
# counted twice. Counted before any sampling. The points are delta, one a batch. Needs the components \`transform\` and
# \`signal_to_metrics\` (Collector v0.150 or later); make it anew when a profile changes.
`;

/** A Collector configuration that derives the profile metrics of these models, to be merged into gateway.yaml. */
export function collectorConfig(profiles: readonly Profile[]): string {
  const features = profiles.flatMap(({ model, fields }) =>
    fields.filter(({ target }) => target === "feature").map((field) => ({ model, field })),
  );
  const names = [...new Map(features.map(({ field }) => [field.name, field])).values()];
  const config = {
    processors: {
      "transform/value_states": {
        error_mode: "ignore",
        log_statements: profiles.map(({ model, fields }) => ({
          conditions: [`log.attributes["${attr.modelName}"] == ${JSON.stringify(model.name)}`],
          statements: fields.filter(({ target }) => target === "feature").flatMap(featureStatements),
        })),
      },
      "transform/point_names": {
        error_mode: "ignore",
        metric_statements: [
          {
            statements: names.flatMap((field) => [
              ...moved(keyOf("state", field), attr.featureValueState),
              ...(field.kind === "categorical" ? moved(keyOf("category", field), attr.featureCategory) : []),
            ]),
          },
        ],
      },
    },
    connectors: { signal_to_metrics: { logs: profiles.flatMap(derivedMetrics) } },
    service: {
      pipelines: {
        "logs/derive": {
          receivers: ["otlp"],
          processors: ["memory_limiter", "transform/value_states"],
          exporters: ["signal_to_metrics"],
        },
        "metrics/derived": {
          receivers: ["signal_to_metrics"],
          processors: ["transform/point_names"],
          exporters: ["otlp_http/processor"],
        },
      },
    },
  };
  return `${COMMENT}${stringify(config, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}

/** The connector keeps an attribute's name; the point needs the conventions' name. */
function moved(from: string, to: string): string[] {
  const [source, target] = [from, to].map((key) => `datapoint.attributes["${key}"]`);
  return [
    `set(${target}, ${source}) where ${source} != nil`,
    `delete_key(datapoint.attributes, "${from}") where ${source} != nil`,
  ];
}
