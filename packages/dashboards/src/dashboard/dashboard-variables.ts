import {
  ConstantVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { attr, type MetricDefinition, metrics, prometheusLabel, prometheusName } from "@tidemark/semconv";
import { type Labels, series } from "../promql/query.ts";
import { DATA_SOURCE } from "./data-source-variable.ts";

type Variable = QueryVariableBuilder | ConstantVariableBuilder;

const MODEL: Labels = { [attr.modelName]: "$model" };
const VERSION: Labels = { ...MODEL, [attr.modelVersion]: { matches: "$version" } };
const WINDOW: Labels = { ...VERSION, [attr.windowName]: "$window" };

/** Addresses that links begin with; change them in Grafana's copy of the dashboard or in the provisioned file. */
const ADDRESSES: readonly Variable[] = [
  constant("report", "http://127.0.0.1:8318/", "Tidemark's report"),
  constant("docs", "/public/tidemark", "Where docs/runbooks is served"),
];

/** The service that hosts the model, as its traces name it. */
const service = () =>
  query(
    "service",
    "Service",
    `label_values(${prometheusName(metrics.inferencePredictions)}{${prometheusLabel(attr.modelName)}="$model"}, job)`,
  );

/** Of every dashboard: the model, its service, and the addresses of links. */
export function modelVariables(): readonly Variable[] {
  return [labelValues("model", "Model", metrics.monitorStatus, attr.modelName, {}), service(), ...ADDRESSES];
}

/** And of those about one model: version and window; each offers what the ones before it leave. */
export function windowVariables(): readonly Variable[] {
  return [
    labelValues("version", "Version", metrics.monitorStatus, attr.modelVersion, MODEL)
      .multi(true)
      .includeAll(true)
      .allValue(".*")
      .current({ selected: true, text: ["All"], value: ["$__all"] }),
    labelValues("window", "Window", metrics.monitorStatus, attr.windowName, VERSION),
  ];
}

/** And of the model's health: the segment, and the feature whose shares are shown. */
export function healthVariables(): readonly Variable[] {
  return [
    labelValues("segment", "Segment", metrics.performanceAccuracy, attr.segmentValue, WINDOW)
      .multi(true)
      .includeAll(true)
      .allValue(".*")
      .current({ selected: true, text: ["All"], value: ["$__all"] }),
    labelValues("feature", "Feature", metrics.windowBinShare, attr.featureName, WINDOW),
  ];
}

function labelValues(
  name: string,
  label: string,
  definition: MetricDefinition,
  attributeKey: string,
  labels: Labels,
): QueryVariableBuilder {
  return query(name, label, `label_values(${series(definition, labels).toString()}, ${prometheusLabel(attributeKey)})`);
}

function query(name: string, label: string, text: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(DATA_SOURCE)
    .definition(text)
    .query({ query: text, refId: `variable-${name}` })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc);
}

function constant(name: string, value: string, label: string): ConstantVariableBuilder {
  return new ConstantVariableBuilder(name).label(label).value(value);
}
