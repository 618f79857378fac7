import type { RecordDraft } from "../records/record-draft.ts";
import { readRecordAttributes } from "./json-attributes.ts";
import { parseBody, toHex, toList, toObject, toText, toUint64 } from "./json-value.ts";

/** Reads each log record of an ExportLogsServiceRequest in JSON into `draft` and calls `onRecord`. Throws OtlpDecodeError. */
export function readJsonLogs(bytes: Uint8Array, draft: RecordDraft, onRecord: () => void): void {
  for (const resource of toList(parseBody(bytes)["resourceLogs"], "resourceLogs")) {
    for (const scope of toList(toObject(resource, "resourceLogs[]")["scopeLogs"], "scopeLogs")) {
      for (const item of toList(toObject(scope, "scopeLogs[]")["logRecords"], "logRecords")) {
        const record = toObject(item, "logRecords[]");
        draft.reset();
        draft.timeUnixNano = toUint64(record["timeUnixNano"], "timeUnixNano");
        draft.observedUnixNano = toUint64(record["observedTimeUnixNano"], "observedTimeUnixNano");
        draft.traceId = toHex(record["traceId"], "traceId");
        draft.eventName = toText(record["eventName"], "eventName");
        readRecordAttributes(record["attributes"], draft);
        onRecord();
      }
    }
  }
}
