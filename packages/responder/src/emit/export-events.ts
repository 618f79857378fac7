import { SeverityNumber } from "@opentelemetry/api-logs";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from "@opentelemetry/sdk-logs";
import { SCHEMA_URL, SCOPE_NAME } from "@tidemark/semconv";
import type { AuditEntry } from "../state/audit-log.ts";
import type { ResponderState } from "../state/responder-state.ts";

export interface EventExport {
  /** Sends what has come to the audit log since the last time; what could not be sent is sent again the next time. */
  ship(): Promise<void>;
  close(): Promise<void>;
}

/** Entries that one look sends at most. */
const BATCH = 500;

/**
 * The audit log as OpenTelemetry events, each at least once and in order: `ml.alert.state_changed`, `ml.action.requested`
 * and so on, with actor, subject and detail. An event's `tidemark.audit.seq` tells one that came twice.
 * @param url OTLP/HTTP logs endpoint, `http://collector:4318/v1/logs`.
 */
export function exportEvents(state: ResponderState, url: string, onFailure: (error: unknown) => void): EventExport {
  let failed: unknown = null;
  const exporter = watched(new OTLPLogExporter({ url }), (error) => {
    failed = error;
  });
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({ "service.name": "tidemark-responder" }),
    processors: [new BatchLogRecordProcessor({ exporter, maxQueueSize: BATCH, maxExportBatchSize: BATCH })],
  });
  const logger = provider.getLogger(SCOPE_NAME, undefined, { schemaUrl: SCHEMA_URL });
  return {
    async ship() {
      const entries = state.audit.since(state.exportedSeq(), BATCH);
      if (entries.length === 0) return;
      failed = null;
      for (const entry of entries) logger.emit(recordOf(entry));
      await provider.forceFlush();
      if (failed === null) state.setExportedSeq(entries.at(-1)!.seq);
      else onFailure(failed);
    },
    close: () => provider.shutdown(),
  };
}

function recordOf({ seq, atMs, actor, kind, subject, detail }: AuditEntry) {
  const isBad = kind.endsWith(".failed") || kind.endsWith(".refused");
  return {
    eventName: kind,
    timestamp: atMs,
    severityNumber: isBad ? SeverityNumber.WARN : SeverityNumber.INFO,
    body: JSON.stringify(detail),
    attributes: { "tidemark.audit.seq": seq, "tidemark.actor": actor, "tidemark.subject": subject },
  };
}

/** The exporter, with its failures told: the SDK would only log them to a logger that nobody set. */
function watched(exporter: OTLPLogExporter, onFailure: (error: unknown) => void): LogRecordExporter {
  return {
    export(records, done) {
      exporter.export(records, (result) => {
        if (result.error !== undefined) onFailure(result.error);
        done(result);
      });
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  };
}
