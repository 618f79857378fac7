import { gzipSync } from "node:zlib";
import type { OtlpEncoding, OtlpSignal } from "@tidemark/otlp";
import { type OtlpJson, otlpJsonToProtobuf } from "../../packages/otlp/test/support/otlp-json-to-protobuf.ts";
import { recordsOf } from "./bad-records.ts";
import { baseRequest } from "./base-requests.ts";
import type { ChaosRequest, ExpectedStatus } from "./otlp-request.ts";

type Json = Record<string, unknown>;

const MEBI = 1024 * 1024;
const MANY = 1_000_000;

/** Requests that are small to send and large to hold, and others that are known for what they break. */
export function* bombs(nowMs: number): Generator<ChaosRequest> {
  yield raw("gzip of 100 MiB of spaces", gzipSync(Buffer.alloc(100 * MEBI, " ")), 413, { gzip: true });
  yield raw("gzip of gzip of 500 MiB", gzipSync(gzipSync(Buffer.alloc(500 * MEBI))), 400, { gzip: true });
  yield raw("20 MiB on the wire", Buffer.alloc(20 * MEBI, " "), 413);
  yield raw("a million brackets", Buffer.from(`{"resourceLogs":${"[".repeat(MANY)}`), 400);
  yield raw("a million brackets, closed", Buffer.from(`{"x":${"[".repeat(MANY)}${"]".repeat(MANY)}}`), 200);
  yield raw(
    "a million objects inside each other",
    Buffer.from(`{"x":${'{"a":'.repeat(MANY)}1${"}".repeat(MANY)}}`),
    200,
  );
  yield raw(
    "brackets with a long number",
    Buffer.from(`{"x":${"[".repeat(MANY)}12345678901234567890${"]".repeat(MANY)}}`),
    null,
  );
  yield raw(
    "invalid UTF-8 in JSON",
    Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]),
    400,
  );
  yield raw("a byte order mark", Buffer.from("\ufeff{}"), null);
  yield raw("nothing at all", Buffer.alloc(0), 400);
  yield raw("a number of a million digits", Buffer.from(`{"x":${"9".repeat(MANY)}}`), 200);
  yield raw("a million keys", Buffer.from(`{${Array.from({ length: MANY }, (_, i) => `"k${i}":1`).join()}}`), 200);
  yield raw("20 million lists", gzipSync(Buffer.from(`{"x":[${"[],".repeat(20 * MANY)}0]}`)), 400, { gzip: true });
  yield raw(
    "7 million numbers, one of them long",
    Buffer.from(`{"x":[12345678901234567890${",1".repeat(7 * MANY)}]}`),
    400,
  );
  yield raw("duplicate keys", Buffer.from('{"resourceLogs":1,"resourceLogs":[]}'), 200);
  yield raw("zeros in protobuf", Buffer.alloc(MEBI), 400, { encoding: "protobuf" });
  yield raw("an endless varint", Buffer.alloc(MEBI, 0xff), 400, { encoding: "protobuf" });
  yield raw("empty resources", Buffer.concat(Array.from({ length: MANY }, () => Buffer.from([0x0a, 0]))), 200, {
    encoding: "protobuf",
  });
  yield raw("empty log records to the limit", gzipSync(emptyLogRecords(60 * MEBI), { level: 1 }), 200, {
    encoding: "protobuf",
    gzip: true,
  });
  for (const encoding of ["json", "protobuf"] as const) {
    yield changed("a million attributes", "logs", encoding, nowMs, manyAttributes);
    yield changed("a million attributes", "metrics", encoding, nowMs, manyAttributes);
    yield changed("a million inputs", "logs", encoding, nowMs, manyInputs);
    yield changed("maps inside each other", "logs", encoding, nowMs, deepAttribute);
    yield changed("maps inside each other", "metrics", encoding, nowMs, deepAttribute);
    yield changed("a million buckets", "metrics", encoding, nowMs, manyBuckets);
  }
}

/** One resource of one scope, whose records are of no bytes. */
function emptyLogRecords(bytes: number): Uint8Array {
  const records = Buffer.alloc(bytes, Buffer.from([0x12, 0]));
  return withField(1, withField(2, records));
}

/** A protobuf field of bytes. */
function withField(field: number, bytes: Uint8Array): Uint8Array {
  const length: number[] = [];
  for (let rest = bytes.length; ; rest >>>= 7) {
    length.push(rest < 0x80 ? rest : (rest & 0x7f) | 0x80);
    if (rest < 0x80) break;
  }
  return Buffer.concat([Buffer.from([(field << 3) | 2, ...length]), bytes]);
}

interface RawOptions {
  readonly encoding?: OtlpEncoding;
  readonly gzip?: boolean;
}

function raw(
  mutation: string,
  bytes: Uint8Array,
  expected: ExpectedStatus,
  { encoding = "json", gzip = false }: RawOptions = {},
): ChaosRequest {
  return { signal: "logs", encoding, bytes, gzip, mutation, expected, rejected: null };
}

/** A valid request in which the first record is made monstrous: that record is refused, the others are taken. */
function changed(
  mutation: string,
  signal: OtlpSignal,
  encoding: OtlpEncoding,
  nowMs: number,
  change: (record: Json) => number,
): ChaosRequest {
  const tree = baseRequest(signal, nowMs, `bomb-${encoding}`);
  const rejected = change(recordsOf(signal, tree)[0]!);
  const bytes = encoding === "json" ? Buffer.from(JSON.stringify(tree)) : otlpJsonToProtobuf(signal, tree as OtlpJson);
  // Compressed, as an attacker would: some are larger on the wire than one may be.
  return { signal, encoding, bytes: gzipSync(bytes, { level: 1 }), gzip: true, mutation, expected: 200, rejected };
}

function manyAttributes(record: Json): number {
  const more = Array.from({ length: MANY }, (_, index) => ({ key: `k${index}`, value: { intValue: "1" } }));
  record["attributes"] = [...(record["attributes"] as Json[]), ...more];
  return 1;
}

function manyInputs(record: Json): number {
  const values = Array.from({ length: MANY }, (_, index) => ({ key: `f${index}`, value: { intValue: "1" } }));
  const attributes = (record["attributes"] as Json[]).filter(({ key }) => key !== "ml.inference.inputs");
  record["attributes"] = [...attributes, { key: "ml.inference.inputs", value: { kvlistValue: { values } } }];
  return 1;
}

/** Beyond eight levels; of a log record such attributes are not read, on a point they are refused. */
function deepAttribute(record: Json): number {
  let value: unknown = { stringValue: "deep" };
  for (let level = 0; level < 500; level++) value = { kvlistValue: { values: [{ key: "k", value }] } };
  (record["attributes"] as Json[]).push({ key: "deep", value });
  return "eventName" in record ? 0 : 1;
}

function manyBuckets(record: Json): number {
  record["bucketCounts"] = Array.from({ length: 100_001 }, () => "1");
  record["explicitBounds"] = Array.from({ length: 100_000 }, (_, index) => index);
  record["count"] = "100001";
  return 1;
}
