import { AnnotationQueryBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { unless } from "@grafana/promql-builder";
import { attr, type MetricDefinition, metrics, prometheusLabel } from "@tidemark/semconv";
import { type Labels, series } from "../promql/query.ts";
import { DATA_SOURCE } from "./data-source-variable.ts";

/** A mark stands where a series is that was not there this long before. */
const NEW_WITHIN = "5m";

/** Marks on every panel that shows time: incidents, changes of profile or configuration, and actions. */
export function annotations(): AnnotationQueryBuilder[] {
  const cause = [attr.causeKind, attr.causeTarget, attr.windowName];
  const info = [attr.modelVersion, attr.profileId, attr.monitorConfigId];
  return [
    mark("Incidents", "red", appearing(metrics.monitorCause), cause),
    mark("Profile and configuration", "blue", appearing(metrics.monitorInfo), info),
    mark("Actions", "purple", appearing(metrics.actionExecutions, {}), []),
  ];
}

function appearing(definition: MetricDefinition, labels: Labels = { [attr.modelName]: "$model" }): string {
  const now = () => series(definition, labels);
  return unless(now(), now().offset(NEW_WITHIN)).toString();
}

function mark(name: string, color: string, expression: string, labels: readonly string[]): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(DATA_SOURCE)
    .enable(true)
    .iconColor(color)
    .expr(expression)
    .step("60s")
    .titleFormat(name)
    .textFormat(labels.map((key) => `{{${prometheusLabel(key)}}}`).join(" "));
}
