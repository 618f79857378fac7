import assert from "node:assert/strict";
import { it } from "node:test";
import { BinaryReader } from "@bufbuild/protobuf/wire";
import { encodeExportResponse, encodeStatus, type Rejection } from "@tidemark/otlp";

const REJECTED: readonly Rejection[] = [
  { reason: "not_finite", count: 2, example: "ml.prediction.score is NaN; expected a finite number", first: 4 },
  { reason: "time_missing", count: 1, example: "time_unix_nano is 0", first: 1 },
];
const messageOf = (unit: string) =>
  `2 not_finite: ${unit} 4: ml.prediction.score is NaN; expected a finite number; 1 time_missing: ${unit} 1: time_unix_nano is 0`;

it("an answer without refusals is an empty response in both encodings", () => {
  assert.equal(encodeExportResponse("logs", "protobuf", []).length, 0);
  assert.equal(text(encodeExportResponse("logs", "json", [])), "{}");
});

it("a partial success counts and explains what was refused, in protobuf", () => {
  const reader = new BinaryReader(encodeExportResponse("logs", "protobuf", REJECTED));
  assert.deepEqual(reader.tag(), [1, 2]);
  const partial = new BinaryReader(reader.bytes());
  assert.deepEqual(partial.tag(), [1, 0]);
  assert.equal(String(partial.int64()), "3");
  assert.deepEqual(partial.tag(), [2, 2]);
  assert.equal(partial.string(), messageOf("record"));
  assert.equal(partial.pos, partial.len);
});

it("a partial success names the field of its signal, in JSON, with the count as text as OTLP/JSON has it", () => {
  const fields = { logs: "rejectedLogRecords", metrics: "rejectedDataPoints", traces: "rejectedSpans" } as const;
  const units = { logs: "record", metrics: "point", traces: "span" };
  for (const signal of ["logs", "metrics", "traces"] as const) {
    assert.deepEqual(JSON.parse(text(encodeExportResponse(signal, "json", REJECTED))), {
      partialSuccess: { [fields[signal]]: "3", errorMessage: messageOf(units[signal]) },
    });
  }
});

it("an error is a google.rpc.Status in the encoding of the request", () => {
  const reader = new BinaryReader(encodeStatus("protobuf", 3, "torn"));
  assert.deepEqual([reader.tag(), reader.int32(), reader.tag(), reader.string()], [[1, 0], 3, [2, 2], "torn"]);
  assert.deepEqual(JSON.parse(text(encodeStatus("json", 3, "torn"))), { code: 3, message: "torn" });
});

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}
