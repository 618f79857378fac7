import { attributes, events, type MetricDefinition, metrics, prometheusName } from "@tidemark/semconv";
import { GENERATED, markdownTable } from "./markdown-table.ts";

/** docs/reference/semconv.md: every name on the wire, with type, unit and meaning. */
export function semconvPage(): string {
  const metricRows = (emitter: MetricDefinition["emitter"]) =>
    Object.values<MetricDefinition>(metrics)
      .filter((metric) => metric.emitter === emitter)
      .map((metric) => [
        code(metric.name),
        metric.instrument,
        code(metric.unit),
        code(prometheusName(metric)),
        metric.meaning,
      ]);
  const metricHeader = ["metric", "instrument", "unit", "in Prometheus", "meaning"];
  return `${GENERATED}

# Names on the wire

Everything Tidemark reads or writes is plain OTLP under these names. Any SDK in any language that sends them is monitored.

## Attributes

${markdownTable(
  ["attribute", "type", "requirement", "meaning"],
  Object.values(attributes).map((attribute) => [
    code(attribute.name),
    attribute.type,
    attribute.requirement,
    "values" in attribute ? `${attribute.meaning} One of ${attribute.values.map(code).join(", ")}.` : attribute.meaning,
  ]),
)}

## Metrics from the monitored service

${markdownTable(metricHeader, metricRows("service"))}

## Metrics from the processor

${markdownTable(metricHeader, metricRows("processor"))}

## Metrics from the responder

${markdownTable(metricHeader, metricRows("responder"))}

## Events

${markdownTable(
  ["event", "severity", "meaning"],
  Object.values(events).map((event) => [code(event.name), event.severity, event.meaning]),
)}
`;
}

function code(text: string): string {
  return `\`${text}\``;
}
