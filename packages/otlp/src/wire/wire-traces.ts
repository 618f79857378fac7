import type { RecordDraft } from "../records/record-draft.ts";
import { readRecordAttribute } from "./wire-attributes.ts";
import { tagOf, WIRE_FIXED64, WIRE_LENGTH, WireReader } from "./wire-reader.ts";

// opentelemetry.proto.trace.v1: ExportTraceServiceRequest, ResourceSpans, ScopeSpans and Span.
const RESOURCE_SPANS = tagOf(1, WIRE_LENGTH);
const SCOPE_SPANS = tagOf(2, WIRE_LENGTH);
const SPANS = tagOf(2, WIRE_LENGTH);
const TRACE_ID = tagOf(1, WIRE_LENGTH);
const END_TIME = tagOf(8, WIRE_FIXED64);
const ATTRIBUTES = tagOf(9, WIRE_LENGTH);

/** Reads each span of an ExportTraceServiceRequest into `draft` and calls `onSpan`. Throws OtlpDecodeError. */
export function readWireTraces(bytes: Uint8Array, draft: RecordDraft, onSpan: () => void): void {
  const reader = new WireReader(bytes);
  reader.each(reader.length, RESOURCE_SPANS, (resourceEnd) =>
    reader.each(resourceEnd, SCOPE_SPANS, (scopeEnd) =>
      reader.each(scopeEnd, SPANS, (spanEnd) => {
        readSpan(reader, spanEnd, draft);
        onSpan();
      }),
    ),
  );
}

function readSpan(reader: WireReader, end: number, draft: RecordDraft): void {
  draft.reset();
  while (reader.position < end) {
    const tag = reader.tag(end);
    switch (tag) {
      case TRACE_ID:
        draft.traceId = reader.hex(end);
        break;
      case END_TIME:
        draft.timeUnixNano = reader.fixed64(end);
        break;
      case ATTRIBUTES:
        readRecordAttribute(reader, reader.contentEnd(end), draft);
        break;
      default:
        reader.skip(tag, end);
    }
  }
}
