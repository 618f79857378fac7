import type { RecordDraft } from "../records/record-draft.ts";
import { readRecordAttribute } from "./wire-attributes.ts";
import { tagOf, WIRE_FIXED64, WIRE_LENGTH, WireReader } from "./wire-reader.ts";

// opentelemetry.proto.logs.v1: ExportLogsServiceRequest, ResourceLogs, ScopeLogs and LogRecord.
const RESOURCE_LOGS = tagOf(1, WIRE_LENGTH);
const SCOPE_LOGS = tagOf(2, WIRE_LENGTH);
const LOG_RECORDS = tagOf(2, WIRE_LENGTH);
const TIME = tagOf(1, WIRE_FIXED64);
const ATTRIBUTES = tagOf(6, WIRE_LENGTH);
const TRACE_ID = tagOf(9, WIRE_LENGTH);
const OBSERVED_TIME = tagOf(11, WIRE_FIXED64);
const EVENT_NAME = tagOf(12, WIRE_LENGTH);

/** Reads each log record of an ExportLogsServiceRequest into `draft` and calls `onRecord`. Throws OtlpDecodeError. */
export function readWireLogs(bytes: Uint8Array, draft: RecordDraft, onRecord: () => void): void {
  const reader = new WireReader(bytes);
  reader.each(reader.length, RESOURCE_LOGS, (resourceEnd) =>
    reader.each(resourceEnd, SCOPE_LOGS, (scopeEnd) =>
      reader.each(scopeEnd, LOG_RECORDS, (recordEnd) => {
        readLogRecord(reader, recordEnd, draft);
        onRecord();
      }),
    ),
  );
}

function readLogRecord(reader: WireReader, end: number, draft: RecordDraft): void {
  draft.reset();
  while (reader.position < end) {
    const tag = reader.tag(end);
    switch (tag) {
      case TIME:
        draft.timeUnixNano = reader.fixed64(end);
        break;
      case OBSERVED_TIME:
        draft.observedUnixNano = reader.fixed64(end);
        break;
      case ATTRIBUTES:
        readRecordAttribute(reader, reader.contentEnd(end), draft);
        break;
      case TRACE_ID:
        draft.traceId = reader.hex(end);
        break;
      case EVENT_NAME:
        draft.eventName = reader.text(end);
        break;
      default:
        reader.skip(tag, end);
    }
  }
}
