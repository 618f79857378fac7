import { SeverityNumber } from "@opentelemetry/api-logs";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import type { EnsembleProposal, Explanation } from "@tidemark/schema";
import { attr, event, type MonitorState, SCHEMA_URL, SCOPE_NAME } from "@tidemark/semconv";
import type { AttributionEvaluation } from "../evaluate/attribution-evaluation.ts";
import { tenantAttribute } from "./tenant-attribute.ts";
import { watchedExporter } from "./watched-exporter.ts";

/** All send with what comes in the next seconds; they never block and never throw. */
export interface EventExport {
  /** Why a window changed, as `ml.change.explained`: the first cause as attributes, all of it, with traces of examples, in the body. */
  explained(explanation: Explanation): void;
  /** What a window's attributions came to, as `ml.attribution.evaluated`: the table by feature in the body. */
  attributed(evaluation: AttributionEvaluation): void;
  /** Better weights of an ensemble, as `ml.ensemble.weights_proposed`. */
  reweighed(proposal: EnsembleProposal): void;
  close(): Promise<void>;
}

/**
 * What people should know of, as OpenTelemetry events at the end of the window, with the whole as JSON in the body. What could
 * not be sent is told and not sent again: `/v1/explanations`, `/v1/ensembles` and `/v1/measurements` have it.
 * @param url OTLP/HTTP logs endpoint, `http://collector:4318/v1/logs`.
 */
export function exportEvents(url: string, onFailure: (error: unknown) => void): EventExport {
  const exporter = watchedExporter(new OTLPLogExporter({ url }), onFailure);
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({ "service.name": "tidemark-processor" }),
    processors: [new BatchLogRecordProcessor({ exporter })],
  });
  const logger = provider.getLogger(SCOPE_NAME, undefined, { schemaUrl: SCHEMA_URL });
  return {
    explained(explanation) {
      const [first] = explanation.causes;
      const cause = first === undefined ? {} : { [attr.causeKind]: first.kind, [attr.causeTarget]: first.target };
      const record = recordOf(event.changeExplained, explanation, cause);
      logger.emit({ ...record, severityNumber: SeverityNumber.WARN });
    },
    attributed(evaluation) {
      const { state, profileId, configId } = evaluation;
      const record = recordOf(event.attributionEvaluated, evaluation, {
        ...(state === null ? {} : { [attr.monitorState]: state }),
        [attr.profileId]: profileId,
        [attr.monitorConfigId]: configId,
      });
      logger.emit({ ...record, severityNumber: severityOf(state) });
    },
    reweighed: (proposal) => logger.emit(recordOf(event.ensembleReweighted, proposal)),
    close: () => provider.shutdown(),
  };
}

function severityOf(state: MonitorState | null): SeverityNumber {
  if (state === "critical") return SeverityNumber.ERROR;
  return state === "warning" ? SeverityNumber.WARN : SeverityNumber.INFO;
}

function recordOf(
  eventName: string,
  what: Explanation | EnsembleProposal | AttributionEvaluation,
  more: Readonly<Record<string, string>> = {},
) {
  const { tenant, model, version, role, window } = what;
  return {
    eventName,
    timestamp: Date.parse(window.end),
    severityNumber: SeverityNumber.INFO,
    body: JSON.stringify(what),
    attributes: {
      ...tenantAttribute(tenant),
      [attr.modelName]: model,
      [attr.modelVersion]: version,
      [attr.deploymentRole]: role,
      [attr.windowName]: window.name,
      ...more,
    },
  };
}
