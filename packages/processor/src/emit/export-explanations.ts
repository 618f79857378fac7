import { SeverityNumber } from "@opentelemetry/api-logs";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import type { Explanation } from "@tidemark/schema";
import { attr, event, SCHEMA_URL, SCOPE_NAME } from "@tidemark/semconv";
import { tenantAttribute } from "./tenant-attribute.ts";
import { watchedExporter } from "./watched-exporter.ts";

export interface ExplanationExport {
  /** Sends it with those of the next seconds; never blocks and never throws. */
  send(explanation: Explanation): void;
  close(): Promise<void>;
}

/**
 * Why a window changed, as an OpenTelemetry event `ml.change.explained` at the window's end: the first cause as attributes,
 * and the whole explanation, with ids and traces of examples, as JSON in the body. What could not be sent is told and not
 * sent again: `/v1/explanations` has it.
 * @param url OTLP/HTTP logs endpoint, `http://collector:4318/v1/logs`.
 */
export function exportExplanations(url: string, onFailure: (error: unknown) => void): ExplanationExport {
  const exporter = watchedExporter(new OTLPLogExporter({ url }), onFailure);
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({ "service.name": "tidemark-processor" }),
    processors: [new BatchLogRecordProcessor({ exporter })],
  });
  const logger = provider.getLogger(SCOPE_NAME, undefined, { schemaUrl: SCHEMA_URL });
  return {
    send: (explanation) => logger.emit(recordOf(explanation)),
    close: () => provider.shutdown(),
  };
}

function recordOf(explanation: Explanation) {
  const { tenant, model, version, role, window, causes } = explanation;
  const [first] = causes;
  const found = first === undefined ? {} : { [attr.causeKind]: first.kind, [attr.causeTarget]: first.target };
  return {
    eventName: event.changeExplained,
    timestamp: Date.parse(window.end),
    severityNumber: SeverityNumber.WARN,
    body: JSON.stringify(explanation),
    attributes: {
      ...tenantAttribute(tenant),
      [attr.modelName]: model,
      [attr.modelVersion]: version,
      [attr.deploymentRole]: role,
      [attr.windowName]: window.name,
      ...found,
    },
  };
}
