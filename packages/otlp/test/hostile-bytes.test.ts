import assert from "node:assert/strict";
import { it } from "node:test";
import { decodeLogs, decodeMetrics, decodeTraces, OtlpDecodeError, type OtlpEncoding } from "@tidemark/otlp";
import fc from "fast-check";
import { oneMetric, oneSpan, toBytes, toKeyValues } from "./support/both-encodings.ts";
import { CONTEXT, TIME_MS, TIME_NANO } from "./support/context.ts";
import { officialLogs } from "./support/official-bytes.ts";
import { outcomeAttributes, predictionAttributes } from "./support/prediction-attributes.ts";

const RUNS = { numRuns: 500, seed: 20_010_101 };
const INPUTS = {
  distance: 2176,
  origin: "LAS",
  list: [1, "a", [2]],
  vector: [0.5, 2, -1e-3],
  map: { a: { b: null } },
  bytes: new Uint8Array([1, 2, 3]),
};
const TIMES = { startTimeUnixNano: String(TIME_NANO - 1n), timeUnixNano: String(TIME_NANO) };

const DECODERS = { logs: decodeLogs, metrics: decodeMetrics, traces: decodeTraces };
type Signal = keyof typeof DECODERS;

const LOGS = officialLogs([
  {
    eventName: "ml.inference.details",
    timeMs: TIME_MS,
    attributes: predictionAttributes({ "ml.inference.inputs": INPUTS }),
  },
  { eventName: "ml.outcome.reported", timeMs: TIME_MS, attributes: outcomeAttributes() },
]);
const METRIC = oneMetric(
  {
    name: "ml.feature.value",
    histogram: {
      aggregationTemporality: 2,
      dataPoints: [
        {
          ...TIMES,
          count: "6",
          sum: 12.5,
          bucketCounts: ["1", "2", "3"],
          explicitBounds: [1, 2.5],
          attributes: toKeyValues({ "ml.model.name": "m", "ml.feature.name": "distance", tags: ["a", { b: [1] }] }),
        },
      ],
    },
  },
  { "service.name": "s" },
);
const SPAN = oneSpan({ endTimeUnixNano: TIMES.timeUnixNano, attributes: toKeyValues(predictionAttributes()) });

const VALID: readonly { readonly signal: Signal; readonly encoding: OtlpEncoding; readonly bytes: Uint8Array }[] = [
  { signal: "logs", encoding: "protobuf", bytes: LOGS.protobuf },
  { signal: "logs", encoding: "json", bytes: LOGS.json },
  { signal: "metrics", encoding: "protobuf", bytes: toBytes("metrics", "protobuf", METRIC) },
  { signal: "metrics", encoding: "json", bytes: toBytes("metrics", "json", METRIC) },
  { signal: "traces", encoding: "protobuf", bytes: toBytes("traces", "protobuf", SPAN) },
  { signal: "traces", encoding: "json", bytes: toBytes("traces", "json", SPAN) },
];

/** Decodes; anything but a result or an OtlpDecodeError fails the test. */
function decodeOrRefuse(signal: Signal, encoding: OtlpEncoding, bytes: Uint8Array): "decoded" | "refused" {
  try {
    DECODERS[signal](bytes, encoding, CONTEXT);
    return "decoded";
  } catch (error) {
    if (error instanceof OtlpDecodeError) return "refused";
    throw error;
  }
}

for (const { signal, encoding, bytes } of VALID) {
  it(`${signal} in ${encoding}: every prefix of a valid request decodes or is refused, and never reads past its end`, () => {
    for (let length = 0; length < bytes.length; length++) {
      // Bytes after the prefix are there, and must not be looked at: they spell an endless varint.
      const backing = new Uint8Array(length + 16).fill(0xff);
      backing.set(bytes.subarray(0, length));
      const inside = decodeOrRefuse(signal, encoding, backing.subarray(0, length));
      assert.equal(inside, decodeOrRefuse(signal, encoding, bytes.slice(0, length)), `prefix of ${length} bytes`);
    }
  });

  it(`${signal} in ${encoding}: a request with bytes changed, cut out, doubled or put in decodes or is refused`, () => {
    const position = fc.nat(bytes.length - 1);
    const edit = fc.record({
      kind: fc.constantFrom("set", "flip", "cut", "double", "insert"),
      at: position,
      length: fc.integer({ min: 1, max: 12 }),
      byte: fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff, 0x0a, 0x12, 0x32, 0x22)),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), (edits) => {
        let mutated = Buffer.from(bytes);
        for (const { kind, at, length, byte } of edits) {
          const start = Math.min(at, Math.max(0, mutated.length - 1));
          const piece = mutated.subarray(start, start + length);
          const [before, after] = [mutated.subarray(0, start), mutated.subarray(start)];
          if (kind === "set") mutated.fill(byte, start, start + 1);
          else if (kind === "flip") mutated.fill((mutated[start] ?? 0) ^ (1 << (byte % 8)), start, start + 1);
          else if (kind === "cut") mutated = Buffer.concat([before, mutated.subarray(start + length)]);
          else if (kind === "double") mutated = Buffer.concat([before, piece, after]);
          else mutated = Buffer.concat([before, Buffer.from([byte]), after]);
        }
        decodeOrRefuse(signal, encoding, mutated);
      }),
      RUNS,
    );
  });

  it(`${signal} in ${encoding}: any bytes at all decode or are refused`, () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (any) => {
        decodeOrRefuse(signal, encoding, any);
      }),
      RUNS,
    );
  });
}

it("json: any value in place of any part decodes or is refused", () => {
  for (const { signal, encoding, bytes } of VALID) {
    if (encoding !== "json") continue;
    const paths = pathsOf(JSON.parse(Buffer.from(bytes).toString()));
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
        const request = JSON.parse(Buffer.from(bytes).toString()) as unknown;
        const mutated = path.length === 0 ? value : replaceAt(request, path, value);
        decodeOrRefuse(signal, "json", Buffer.from(JSON.stringify(mutated)));
      }),
      RUNS,
    );
  }
});

it("protobuf: wire forms that no serializer writes are refused with the place", () => {
  const wrong: [bytes: number[], message: RegExp][] = [
    [[0x0a], /the end of the message inside a number at byte 1 of 1/],
    [[0x0a, 0x05, 0x00], /a length of 5 where 1 bytes are left/],
    [[0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f], /a length of 4294967295/],
    [[0x0a, 0xff, 0xff, 0xff, 0xff, 0x1f], /a number beyond 32 bits/],
    [[0x00], /field number 0/],
    [[0x13], /wire type 3/],
    [[0x0f], /wire type 7/],
    [[0x10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], /a varint of more than ten bytes/],
    [[0x11, 1, 2, 3], /3 bytes where 8 are needed/],
  ];
  for (const [bytes, message] of wrong) {
    assert.throws(
      () => decodeLogs(Uint8Array.from(bytes), "protobuf", CONTEXT),
      (error) => error instanceof OtlpDecodeError && message.test(error.message),
    );
  }
});

it("json: nesting of 100,000 levels decodes or is refused", () => {
  const depth = 100_000;
  const list = '{"arrayValue":{"values":['.repeat(depth) + "]}}".repeat(depth);
  const body = `{"resourceMetrics":[{"resource":{"attributes":[{"key":"a","value":${list}}]}}]}`;
  decodeOrRefuse("metrics", "json", Buffer.from(body));
});

it("json: a body of more values than may be parsed at once is refused before it is parsed", () => {
  const listOf = (values: number, first: string) => Buffer.from(`{"x":[${first}${",1".repeat(values - 2)}]}`);
  const refused = (message: RegExp) => (error: unknown) =>
    error instanceof OtlpDecodeError && message.test(error.message);
  const decode = (body: Buffer) => decodeLogs(body, "json", CONTEXT);
  assert.throws(() => decode(listOf(8_000_001, "1")), refused(/more than 8000000 values: send smaller batches/));
  assert.throws(() => decode(listOf(1_000_001, String(2n ** 60n))), refused(/write 64-bit integers as text/));
  assert.equal(decode(listOf(1_000_001, "1")).ignored, 0);
  assert.equal(decode(listOf(1_000_000, String(2n ** 60n))).ignored, 0);
});

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (value === null || typeof value !== "object") return [path];
  return [path, ...Object.entries(value).flatMap(([key, member]) => pathsOf(member, [...path, key]))];
}

function replaceAt(root: unknown, path: Path, value: unknown): unknown {
  let parent = root as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) parent = parent[key] as Record<string | number, unknown>;
  parent[path.at(-1)!] = value;
  return root;
}
