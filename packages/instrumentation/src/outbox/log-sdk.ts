import type { HrTime } from "@opentelemetry/api";

/*
 * The shapes of @opentelemetry/sdk-logs that a processor meets, as far as its 2.x and its 3.x line share them. Declared
 * here because the only peer is the API.
 */

/** A finished log record. */
export interface FinishedLogRecord {
  readonly hrTime: HrTime;
  readonly hrTimeObserved: HrTime;
  readonly spanContext?: { readonly traceId: string; readonly spanId: string; readonly traceFlags: number };
  readonly severityText?: string | undefined;
  readonly severityNumber?: number | undefined;
  readonly body?: unknown;
  readonly eventName?: string | undefined;
  readonly resource: { readonly attributes: Readonly<Record<string, unknown>>; readonly schemaUrl?: string };
  readonly instrumentationScope: { readonly name: string; readonly version?: string; readonly schemaUrl?: string };
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly droppedAttributesCount: number;
}

/** What an exporter says of a batch: 0 is success. */
export interface ExportResult {
  readonly code: number;
  readonly error?: Error;
}

/** Any exporter of log records of the OpenTelemetry SDK. */
export interface LogRecordExporter {
  // biome-ignore lint/suspicious/noExplicitAny: it must take the record type of whatever SDK line is installed
  export(logs: any[], resultCallback: (result: ExportResult) => void): void;
  shutdown(): Promise<void>;
  forceFlush?(): Promise<void>;
}

/** For the `processors` of a LoggerProvider. */
export interface LogRecordProcessor {
  // biome-ignore lint/suspicious/noExplicitAny: the same
  onEmit(record: any): void;
  /** Exports what waits, as far as the exporter takes it. */
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}
