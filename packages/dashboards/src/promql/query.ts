import {
  type LabelSelectorBuilder,
  labelEq,
  labelMatchRegexp,
  labelNotMatchRegexp,
  max,
  type VectorExprBuilder,
  vector,
} from "@grafana/promql-builder";
import { attr, type MetricDefinition, prometheusLabel, prometheusName } from "@tidemark/semconv";

/** Values wanted of attributes: a text is matched whole, a pattern (`matches`, `excludes`) as a regular expression. */
export type Labels = Readonly<Record<string, string | { readonly matches: string } | { readonly excludes: string }>>;

/** What every panel is restricted to: the dashboard's variables, of which only the version can be several. */
export const CHOSEN: Labels = {
  [attr.modelName]: "$model",
  [attr.modelVersion]: { matches: "$version" },
  [attr.windowName]: "$window",
};

/** Of what is measured by segment too: the whole, not its segments. */
export const WHOLE: Labels = { [attr.segmentName]: "" };

/** Series of a metric by its definition and attribute keys, so that no name is ever typed twice. */
export function series(definition: MetricDefinition, labels: Labels = {}): VectorExprBuilder {
  return vector(prometheusName(definition)).labels(Object.entries(labels).map(labelSelector));
}

/** Series of a metric for the chosen model, version and window, one for all processor replicas. */
export function chosen(definition: MetricDefinition, labels: Labels = {}) {
  return max(series(definition, { ...CHOSEN, ...labels })).without(["instance", "job"]);
}

/** Label names of attribute keys, for `by (...)`. */
export function labelNames(...attributeKeys: readonly string[]): string[] {
  return attributeKeys.map(prometheusLabel);
}

/** Grafana's legend text of attributes: `{{ml_feature_name}} {{ml_drift_target}}`. */
export function legendOf(...attributeKeys: readonly string[]): string {
  return attributeKeys.map((key) => `{{${prometheusLabel(key)}}}`).join(" ");
}

function labelSelector([key, value]: [string, Labels[string]]): LabelSelectorBuilder {
  const name = prometheusLabel(key);
  if (typeof value === "string") return labelEq(name, value);
  return "matches" in value ? labelMatchRegexp(name, value.matches) : labelNotMatchRegexp(name, value.excludes);
}
