import type { OtlpEncoding } from "@tidemark/otlp";
import { type OtlpJson, otlpJsonToProtobuf } from "./otlp-json-to-protobuf.ts";

export const ENCODINGS: readonly OtlpEncoding[] = ["protobuf", "json"];

/** A hand-made request, given in OTLP/JSON, as bytes of the encoding. */
export function toBytes(signal: "logs" | "metrics" | "traces", encoding: OtlpEncoding, request: OtlpJson): Uint8Array {
  return encoding === "json" ? Buffer.from(JSON.stringify(request)) : otlpJsonToProtobuf(signal, request);
}

/** `{ key, value }` pairs of plain values: strings, integers as int, other numbers as double, booleans. */
export function toKeyValues(attributes: Readonly<Record<string, unknown>>): OtlpJson[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: toAnyValue(value) }));
}

function toAnyValue(value: unknown): OtlpJson {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "bigint") return { intValue: String(value) };
  if (typeof value === "number") return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString("base64") };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(toAnyValue) } };
  if (value !== null && typeof value === "object") {
    return { kvlistValue: { values: toKeyValues(value as Readonly<Record<string, unknown>>) } };
  }
  return {};
}

/** A logs request of one record. */
export function oneLog(record: OtlpJson): OtlpJson {
  return { resourceLogs: [{ resource: {}, scopeLogs: [{ scope: {}, logRecords: [record] }] }] };
}

/** A traces request of one span. */
export function oneSpan(span: OtlpJson): OtlpJson {
  return { resourceSpans: [{ resource: {}, scopeSpans: [{ scope: {}, spans: [span] }] }] };
}

/** A metrics request of one metric. */
export function oneMetric(metric: OtlpJson, resource: Readonly<Record<string, unknown>> = {}): OtlpJson {
  return {
    resourceMetrics: [
      {
        resource: { attributes: toKeyValues(resource) },
        scopeMetrics: [{ scope: { name: "test" }, metrics: [metric] }],
      },
    ],
  };
}
