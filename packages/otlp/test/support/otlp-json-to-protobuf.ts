import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

type Scalar =
  | "string"
  | "bool"
  | "int64"
  | "uint32"
  | "sint32"
  | "uint64"
  | "double"
  | "fixed64"
  | "sfixed64"
  | "hex"
  | "base64";
interface Field {
  readonly number: number;
  readonly type: Scalar | (() => Message);
  readonly repeated?: boolean;
}
type Message = Readonly<Record<string, Field>>;
export type OtlpJson = Readonly<Record<string, unknown>>;

// The fields of opentelemetry-proto 1.x that the tests write, by their OTLP/JSON names.
const KEY_VALUE: Message = { key: { number: 1, type: "string" }, value: { number: 2, type: () => ANY_VALUE } };
const LIST: Message = { values: { number: 1, type: () => ANY_VALUE, repeated: true } };
const KVLIST: Message = { values: { number: 1, type: () => KEY_VALUE, repeated: true } };
const ANY_VALUE: Message = {
  stringValue: { number: 1, type: "string" },
  boolValue: { number: 2, type: "bool" },
  intValue: { number: 3, type: "int64" },
  doubleValue: { number: 4, type: "double" },
  arrayValue: { number: 5, type: () => LIST },
  kvlistValue: { number: 6, type: () => KVLIST },
  bytesValue: { number: 7, type: "base64" },
};
const RESOURCE: Message = { attributes: { number: 1, type: () => KEY_VALUE, repeated: true } };
const SCOPE: Message = {
  name: { number: 1, type: "string" },
  version: { number: 2, type: "string" },
  attributes: { number: 3, type: () => KEY_VALUE, repeated: true },
};
const LOG_RECORD: Message = {
  timeUnixNano: { number: 1, type: "fixed64" },
  severityNumber: { number: 2, type: "uint32" },
  body: { number: 5, type: () => ANY_VALUE },
  attributes: { number: 6, type: () => KEY_VALUE, repeated: true },
  traceId: { number: 9, type: "hex" },
  observedTimeUnixNano: { number: 11, type: "fixed64" },
  eventName: { number: 12, type: "string" },
};
const SPAN: Message = {
  traceId: { number: 1, type: "hex" },
  name: { number: 5, type: "string" },
  startTimeUnixNano: { number: 7, type: "fixed64" },
  endTimeUnixNano: { number: 8, type: "fixed64" },
  attributes: { number: 9, type: () => KEY_VALUE, repeated: true },
};
const NUMBER_POINT: Message = {
  attributes: { number: 7, type: () => KEY_VALUE, repeated: true },
  startTimeUnixNano: { number: 2, type: "fixed64" },
  timeUnixNano: { number: 3, type: "fixed64" },
  asDouble: { number: 4, type: "double" },
  asInt: { number: 6, type: "sfixed64" },
  flags: { number: 8, type: "uint32" },
};
const HISTOGRAM_POINT: Message = {
  attributes: { number: 9, type: () => KEY_VALUE, repeated: true },
  startTimeUnixNano: { number: 2, type: "fixed64" },
  timeUnixNano: { number: 3, type: "fixed64" },
  count: { number: 4, type: "fixed64" },
  sum: { number: 5, type: "double" },
  bucketCounts: { number: 6, type: "fixed64", repeated: true },
  explicitBounds: { number: 7, type: "double", repeated: true },
  flags: { number: 10, type: "uint32" },
};
const BUCKETS: Message = {
  offset: { number: 1, type: "sint32" },
  bucketCounts: { number: 2, type: "uint64", repeated: true },
};
const EXPONENTIAL_POINT: Message = {
  attributes: { number: 1, type: () => KEY_VALUE, repeated: true },
  startTimeUnixNano: { number: 2, type: "fixed64" },
  timeUnixNano: { number: 3, type: "fixed64" },
  count: { number: 4, type: "fixed64" },
  sum: { number: 5, type: "double" },
  scale: { number: 6, type: "sint32" },
  zeroCount: { number: 7, type: "fixed64" },
  positive: { number: 8, type: () => BUCKETS },
  negative: { number: 9, type: () => BUCKETS },
  flags: { number: 10, type: "uint32" },
  zeroThreshold: { number: 14, type: "double" },
};
const dataOf = (point: Message): Message => ({
  dataPoints: { number: 1, type: () => point, repeated: true },
  aggregationTemporality: { number: 2, type: "uint32" },
});
const METRIC: Message = {
  gauge: { number: 5, type: () => dataOf(NUMBER_POINT) },
  sum: { number: 7, type: () => dataOf(NUMBER_POINT) },
  histogram: { number: 9, type: () => dataOf(HISTOGRAM_POINT) },
  exponentialHistogram: { number: 10, type: () => dataOf(EXPONENTIAL_POINT) },
  name: { number: 1, type: "string" },
  unit: { number: 3, type: "string" },
};

function requestOf(prefix: "Logs" | "Metrics" | "Spans", items: string, item: Message): Message {
  const scope: Message = {
    [items]: { number: 2, type: () => item, repeated: true },
    scope: { number: 1, type: () => SCOPE },
  };
  const resource: Message = {
    [`scope${prefix}`]: { number: 2, type: () => scope, repeated: true },
    resource: { number: 1, type: () => RESOURCE },
  };
  return { [`resource${prefix}`]: { number: 1, type: () => resource, repeated: true } };
}

const REQUESTS = {
  logs: requestOf("Logs", "logRecords", LOG_RECORD),
  metrics: requestOf("Metrics", "metrics", METRIC),
  traces: requestOf("Spans", "spans", SPAN),
};

/**
 * Protobuf bytes of a request given in OTLP/JSON, for messages that the official SDK will not make. Shared fields
 * (resource, scope, metric name, temporality) come after what they are shared by, which protobuf allows.
 */
export function otlpJsonToProtobuf(signal: keyof typeof REQUESTS, request: OtlpJson): Uint8Array {
  const writer = new BinaryWriter();
  writeMessage(writer, REQUESTS[signal], request);
  return writer.finish();
}

function writeMessage(writer: BinaryWriter, message: Message, value: OtlpJson): void {
  for (const [name, field] of Object.entries(message)) {
    if (value[name] === undefined) continue;
    for (const item of field.repeated === true ? (value[name] as unknown[]) : [value[name]])
      writeField(writer, field, item);
  }
}

function writeField(writer: BinaryWriter, { number, type }: Field, value: unknown): void {
  if (typeof type === "function") {
    writer.tag(number, WireType.LengthDelimited).fork();
    writeMessage(writer, type(), value as OtlpJson);
    writer.join();
    return;
  }
  switch (type) {
    case "string":
      return void writer.tag(number, WireType.LengthDelimited).string(value as string);
    case "bool":
      return void writer.tag(number, WireType.Varint).bool(value as boolean);
    case "int64":
      return void writer.tag(number, WireType.Varint).int64(value as string);
    case "uint32":
      return void writer.tag(number, WireType.Varint).uint32(value as number);
    case "sint32":
      return void writer.tag(number, WireType.Varint).sint32(value as number);
    case "uint64":
      return void writer.tag(number, WireType.Varint).uint64(value as string);
    case "double":
      return void writer.tag(number, WireType.Bit64).double(Number(value));
    case "fixed64":
      return void writer.tag(number, WireType.Bit64).fixed64(value as string);
    case "sfixed64":
      return void writer.tag(number, WireType.Bit64).sfixed64(value as string);
    default:
      writer.tag(number, WireType.LengthDelimited).bytes(Buffer.from(value as string, type));
  }
}
