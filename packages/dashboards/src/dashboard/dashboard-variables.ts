import { QueryVariableBuilder, VariableRefresh, VariableSort } from "@grafana/grafana-foundation-sdk/dashboard";
import { attr, type MetricDefinition, metrics, prometheusLabel } from "@tidemark/semconv";
import { type Labels, series } from "../promql/query.ts";
import { DATA_SOURCE } from "./data-source-variable.ts";

const MODEL: Labels = { [attr.modelName]: "$model" };
const VERSION: Labels = { ...MODEL, [attr.modelVersion]: { matches: "$version" } };

/** Model, version, window and the feature whose shares are drawn; each offers what the ones before it leave. */
export function dashboardVariables(): QueryVariableBuilder[] {
  return [
    labelValues("model", "Model", metrics.monitorStatus, attr.modelName, {}),
    labelValues("version", "Version", metrics.monitorStatus, attr.modelVersion, MODEL)
      .multi(true)
      .includeAll(true)
      .allValue(".*")
      .current({ selected: true, text: ["All"], value: ["$__all"] }),
    labelValues("window", "Window", metrics.monitorStatus, attr.windowName, VERSION),
    labelValues("feature", "Feature", metrics.windowBinShare, attr.featureName, {
      ...VERSION,
      [attr.windowName]: "$window",
    }),
  ];
}

function labelValues(
  name: string,
  label: string,
  definition: MetricDefinition,
  attributeKey: string,
  labels: Labels,
): QueryVariableBuilder {
  const query = `label_values(${series(definition, labels).toString()}, ${prometheusLabel(attributeKey)})`;
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(DATA_SOURCE)
    .definition(query)
    .query({ query, refId: `variable-${name}` })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc);
}
