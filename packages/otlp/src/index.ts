export type { DecodeContext, OtlpEncoding } from "./decode-context.ts";
export { type DecodedLogs, decodeLogs } from "./decode-logs.ts";
export { type DecodedMetrics, decodeMetrics } from "./decode-metrics.ts";
export { type DecodedTraces, decodeTraces } from "./decode-traces.ts";
export { OtlpDecodeError } from "./otlp-decode-error.ts";
export type { RedactedRecord } from "./records/redact.ts";
export type { Rejection } from "./records/rejections.ts";
export { encodeExportResponse, type OtlpSignal } from "./response/encode-export-response.ts";
export { encodeStatus } from "./response/encode-status.ts";
