import type { RecordDraft } from "../records/record-draft.ts";
import { readRecordAttributes } from "./json-attributes.ts";
import { parseBody, toHex, toList, toObject, toUint64 } from "./json-value.ts";

/** Reads each span of an ExportTraceServiceRequest in JSON into `draft` and calls `onSpan`. Throws OtlpDecodeError. */
export function readJsonTraces(bytes: Uint8Array, draft: RecordDraft, onSpan: () => void): void {
  for (const resource of toList(parseBody(bytes)["resourceSpans"], "resourceSpans")) {
    for (const scope of toList(toObject(resource, "resourceSpans[]")["scopeSpans"], "scopeSpans")) {
      for (const item of toList(toObject(scope, "scopeSpans[]")["spans"], "spans")) {
        const span = toObject(item, "spans[]");
        draft.reset();
        draft.timeUnixNano = toUint64(span["endTimeUnixNano"], "endTimeUnixNano");
        draft.traceId = toHex(span["traceId"], "traceId");
        readRecordAttributes(span["attributes"], draft);
        onSpan();
      }
    }
  }
}
