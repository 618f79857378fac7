import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeLogs, decodeMetrics, decodeTraces, encodeExportResponse, OtlpDecodeError } from "@tidemark/otlp";
import { checkAnswer } from "../../chaos/otlp/check-answer.ts";
import { readCorpus, shapeOf } from "../../chaos/otlp/corpus.ts";
import { makeRequest } from "../../chaos/otlp/make-request.ts";
import type { ChaosRequest } from "../../chaos/otlp/otlp-request.ts";
import { wireVerdict } from "../../chaos/otlp/wire-verdict.ts";

const DECODERS = { logs: decodeLogs, metrics: decodeMetrics, traces: decodeTraces };
const CONTEXT = { tenant: "default", acceptFromUnixNano: 0n, acceptToUnixNano: 2n ** 63n - 1n };
/** What the answer says of it depends on when the request was made. */
const TIMES = /time_outside_window/;

test("every request that earlier chaos kept is answered as it was then", () => {
  const corpus = readCorpus();
  assert.ok(corpus.length > 100);
  for (const { signal, encoding, mutation, status, answer, base64 } of corpus) {
    const name = `${signal} ${encoding} ${mutation}`;
    try {
      const { rejections } = DECODERS[signal](Buffer.from(base64, "base64"), encoding, CONTEXT);
      assert.equal(status, 200, name);
      const reasons = rejections.map(({ reason }) => reason).join(" ");
      if (!TIMES.test(answer) && !TIMES.test(reasons)) assert.equal(reasons, answer, name);
    } catch (error) {
      if (!(error instanceof OtlpDecodeError)) throw error;
      assert.equal(status, 400, name);
      assert.equal(shapeOf(error.message, 400), answer, name);
    }
  }
});

test("equal seeds make equal requests, and every kind of them", () => {
  const made = Array.from({ length: 500 }, (_, run) => makeRequest(`7/${run}`, 1_800_000_000_000));
  assert.deepEqual(makeRequest("7/3", 1_800_000_000_000), made[3]);
  const kinds = new Set(made.map(({ signal, encoding, gzip }) => `${signal} ${encoding} ${gzip}`));
  assert.equal(kinds.size, 12);
  for (const expected of [200, 400, null]) assert.ok(made.some((request) => request.expected === expected));
});

test("a wrong answer is seen", () => {
  const request: ChaosRequest = {
    signal: "logs",
    encoding: "json",
    bytes: Buffer.from("{}"),
    gzip: false,
    mutation: "none",
    expected: 200,
    rejected: 1,
  };
  const body = (rejected: number) =>
    Buffer.from(
      encodeExportResponse(
        "logs",
        "json",
        rejected === 0 ? [] : [{ reason: "r", count: rejected, example: "e", first: 0 }],
      ),
    );
  const right = { status: 200, contentType: "application/json", retryAfter: null, body: body(1) };
  assert.equal(checkAnswer(request, right), null);
  assert.match(checkAnswer(request, { ...right, status: 503 })!, /503/);
  assert.match(checkAnswer(request, { ...right, body: body(0) })!, /0 refused/);
  assert.match(checkAnswer(request, { ...right, contentType: "text/html" })!, /text\/html/);
  assert.match(checkAnswer(request, { ...right, body: Buffer.from("<html>") })!, /cannot be read/);
  const failure = { ...right, status: 400, body: Buffer.from('{"code": 0, "message": ""}') };
  assert.match(checkAnswer({ ...request, expected: null }, failure)!, /code 0/);
});

test("the verdict on bytes knows what no decoder may accept", () => {
  const f = (hex: string, want: 400 | null) => assert.equal(wireVerdict("logs", Buffer.from(hex, "hex")), want, hex);
  f("", null);
  f("0a00", null);
  f("0a0212ff", 400);
  f("0a05", 400);
  f("00", 400);
  f("0b0c", 400);
  f("ffffffffff0f", 400);
  f("fa3e0101", null);
  f("0a03120100", 400);
  f("0a04120212ff", 400);
  f("3a0101", null);
});
