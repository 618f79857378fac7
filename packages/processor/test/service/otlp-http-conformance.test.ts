// One test for each clause of docs/otlp-conformance.md about OTLP/HTTP; test/docs holds that none is missing.
import assert from "node:assert/strict";
import { Agent, request as httpRequest } from "node:http";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { fromBinary } from "./otlp-answers.ts";
import { logRequest, MONDAY_MS, metricRequest, predictionRecord, somePredictions } from "./otlp-requests.ts";
import { fileLifetime, startTestProcessor, type TestProcessor } from "./start-test-processor.ts";

const JSON_TYPE = { "content-type": "application/json" };
const PROTOBUF_TYPE = { "content-type": "application/x-protobuf" };
const PATHS = ["/v1/logs", "/v1/metrics", "/v1/traces"] as const;

const lifetime = fileLifetime();
let processor: TestProcessor;

before(async () => {
  processor = await startTestProcessor(lifetime);
});

const [first, second] = somePredictions(2, 1, "conformance");
const bad = { ...predictionRecord(second!), timeUnixNano: "18446744073709551615" };

test("H1 each signal has its path and takes POST alone", async () => {
  for (const path of PATHS) {
    assert.equal((await processor.post(path, "{}")).status, 200, path);
    for (const method of ["GET", "PUT", "DELETE", "PATCH"]) {
      assert.equal((await fetch(processor.url + path, { method })).status, 405, `${method} ${path}`);
    }
  }
});

test("H2 binary protobuf is application/x-protobuf, and the answer is of the request's type", async () => {
  for (const path of PATHS) {
    const response = await processor.post(path, new Uint8Array(), PROTOBUF_TYPE);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), "application/x-protobuf");
  }
});

test("H3 JSON protobuf is application/json, and the answer is of the request's type", async () => {
  for (const path of PATHS) {
    const response = await processor.post(path, "{}", { "content-type": "application/json; charset=utf-8" });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), "application/json");
  }
});

test("H4 in JSON ids are hex, enums are numbers, and 64-bit integers are text or numbers", async () => {
  const take = async (record: object) => (await processor.post("/v1/logs", logRequest([record]))).status;
  const record = predictionRecord(first!);
  assert.equal(await take({ ...record, traceId: "5b8efff798038103d269b633813fc60c" }), 200);
  assert.equal(await take({ ...record, traceId: "not hex" }), 400);
  assert.equal(await take({ ...record, timeUnixNano: MONDAY_MS * 1e6 }), 200);
  const histogram = metricRequest([{ timeMs: MONDAY_MS + 1, boundaries: [1], bucketCounts: [1, 1] }]);
  assert.equal((await processor.post("/v1/metrics", histogram)).status, 200);
  const named = histogram.replace('"aggregationTemporality":2', '"aggregationTemporality":"CUMULATIVE"');
  assert.equal((await processor.post("/v1/metrics", named)).status, 400);
});

test("H5 fields that are not known are passed over", async () => {
  const record = { ...predictionRecord(first!), futureField: { a: 1 } };
  const response = await processor.post("/v1/logs", JSON.stringify({ ...JSON.parse(logRequest([record])), more: [] }));
  assert.deepEqual([response.status, await response.json()], [200, {}]);
  const unknown = Uint8Array.from([0xa2, 0x1f, 0x01, 0x00]);
  assert.equal((await processor.post("/v1/logs", unknown, PROTOBUF_TYPE)).status, 200);
});

test("H6 a body may be compressed by gzip or not at all", async () => {
  const gzip = { ...JSON_TYPE, "content-encoding": "gzip" };
  assert.equal((await processor.post("/v1/logs", gzipSync("{}"), gzip)).status, 200);
  const other = await processor.post("/v1/logs", "{}", { ...JSON_TYPE, "content-encoding": "br" });
  assert.equal(other.status, 415);
  assert.equal(other.headers.get("accept-encoding"), "gzip, identity");
});

test("H7 an empty request is a success", async () => {
  for (const empty of ['{"resourceLogs":[]}', '{"resourceLogs":[{"scopeLogs":[{"logRecords":[]}]}]}', "{}"]) {
    assert.equal((await processor.post("/v1/logs", empty)).status, 200);
  }
  assert.equal((await processor.post("/v1/logs", new Uint8Array(), PROTOBUF_TYPE)).status, 200);
});

test("H8 a full success is 200 with partial_success left unset", async () => {
  const response = await processor.post("/v1/logs", logRequest([predictionRecord(first!)]));
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), {});
});

test("H9 a partial success is 200 with the number of refused records and a message", async () => {
  const response = await processor.post("/v1/logs", logRequest([predictionRecord(first!), bad]));
  assert.equal(response.status, 200);
  const { partialSuccess } = (await response.json()) as {
    partialSuccess: { rejectedLogRecords: string; errorMessage: string };
  };
  assert.equal(partialSuccess.rejectedLogRecords, "1");
  assert.match(partialSuccess.errorMessage, /time_unix_nano/);
  const known = await processor.json<{ predictions: unknown[] }>("/v1/predictions/conformance-0?model=flight-delay");
  assert.equal(known.predictions.length, 1);
});

test("H10 bad data is 400 with a Status in the request's encoding", async () => {
  const json = await processor.post("/v1/logs", "{");
  assert.equal(json.status, 400);
  assert.equal(((await json.json()) as { code: number }).code, 3);
  const protobuf = await processor.post("/v1/logs", Uint8Array.from([0x0a, 0x05]), PROTOBUF_TYPE);
  assert.equal(protobuf.status, 400);
  assert.equal(protobuf.headers.get("content-type"), "application/x-protobuf");
  const status = fromBinary(Buffer.from(await protobuf.arrayBuffer()));
  assert.equal(status[1], 3);
  assert.match(String(status[2]), /not an OTLP protobuf message/);
});

test("H11 connections are kept for the next request", async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  after(() => agent.destroy());
  const ports = new Set<number | undefined>();
  for (let index = 0; index < 3; index++) {
    await new Promise<void>((resolve, reject) => {
      const sent = httpRequest(
        `${processor.url}/v1/logs`,
        { agent, method: "POST", headers: JSON_TYPE },
        (response) => {
          ports.add(response.socket.localPort);
          response.resume().once("end", resolve);
        },
      );
      sent.once("error", reject);
      sent.end("{}");
    });
  }
  assert.equal(ports.size, 1);
});

test("H12 requests at the same time are answered each for itself", async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      processor.post("/v1/logs", index % 2 === 0 ? logRequest([predictionRecord(first!)]) : "{"),
    ),
  );
  assert.deepEqual(
    answers.map(({ status }) => status),
    answers.map((_, index) => (index % 2 === 0 ? 200 : 400)),
  );
});
