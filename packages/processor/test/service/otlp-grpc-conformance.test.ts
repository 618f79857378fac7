// One test for each clause of docs/otlp-conformance.md about OTLP/gRPC; test/docs holds that none is missing.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { BinaryReader } from "@bufbuild/protobuf/wire";
import { Client, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import type { OtlpSignal } from "@tidemark/otlp";
import { otlpJsonToProtobuf } from "../../../otlp/test/support/otlp-json-to-protobuf.ts";
import type { Access } from "../../src/access/access.ts";
import { openAccess } from "../../src/access/open-access.ts";
import { createRoom } from "../../src/receive/create-room.ts";
import { createFairShare } from "../../src/receive/fair-share.ts";
import { type GrpcServer, startGrpcServer } from "../../src/receive/grpc-server.ts";
import type { IngestResult } from "../../src/receive/otlp-endpoint.ts";
import { fromBinary } from "./otlp-answers.ts";
import { logRequest, predictionRecord, somePredictions } from "./otlp-requests.ts";
import { fileLifetime, startTestProcessor, type TestProcessor } from "./start-test-processor.ts";

const PATHS: Readonly<Record<OtlpSignal, string>> = {
  logs: "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
  metrics: "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
  traces: "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
};
const TOO_LARGE = 100_000;

const lifetime = fileLifetime();
let processor: TestProcessor;
let real: Client;
/** A server whose store answers as told. */
let staged: GrpcServer;
let client: Client;
let result: IngestResult = { kind: "stored", accepted: 0, rejections: [] };
let held = 0;
let access: Access = openAccess();

before(async () => {
  processor = await startTestProcessor(lifetime, { config: { server: { port: 0, grpcPort: 0 } } });
  assert.notEqual(processor.grpcAddress, null);
  real = new Client(processor.grpcAddress!, credentials.createInsecure());
  staged = await startGrpcServer(
    { host: "127.0.0.1", port: 0 },
    {
      access: { authorize: (caller, scope) => access.authorize(caller, scope) },
      limits: { maxRequestBytes: TOO_LARGE, maxDecodedBytes: TOO_LARGE },
      room: createRoom(1_000_000, () => held),
      shares: createFairShare(1_000_000),
      canDecode: () => true,
      ingest: async () => result,
    },
    null,
  );
  client = new Client(staged.address, credentials.createInsecure());
});
after(async () => {
  real.close();
  client.close();
  await staged.close();
});

interface Answer {
  readonly code: status;
  readonly body: Uint8Array;
  readonly details: string;
  readonly retrySeconds: number | null;
}

function call(to: Client, signal: OtlpSignal, bytes: Uint8Array, metadata = new Metadata()): Promise<Answer> {
  return new Promise((resolve) => {
    const identity = (value: Buffer) => value;
    to.makeUnaryRequest(PATHS[signal], identity, identity, Buffer.from(bytes), metadata, {}, (error, body) => {
      if (error === null) resolve({ code: status.OK, body: body!, details: "", retrySeconds: null });
      else resolve({ code: error.code, body: Buffer.alloc(0), details: error.details, retrySeconds: retryOf(error) });
    });
  });
}

/** Seconds of the RetryInfo in the trailers; null where there is none. */
function retryOf({ metadata }: ServiceError): number | null {
  const [bytes] = metadata.get("grpc-status-details-bin");
  if (!(bytes instanceof Uint8Array)) return null;
  const inside = (outer: Uint8Array, field: number): Uint8Array => {
    const reader = new BinaryReader(outer);
    for (;;) {
      const [number, type] = reader.tag();
      if (number === field) return reader.bytes();
      reader.skip(type);
    }
  };
  const info = inside(inside(bytes, 3), 2);
  return Number(fromBinary(inside(info, 1))[1]);
}

const records = somePredictions(2, 1, "grpc").map(predictionRecord);
const bad = { ...records[1]!, timeUnixNano: "18446744073709551615" };
const bytesOf = (given: readonly object[]) => otlpJsonToProtobuf("logs", JSON.parse(logRequest(given)));

test("G1 each signal has its service, and an empty request is a success", async () => {
  for (const signal of ["logs", "metrics", "traces"] as const) {
    const { code, body } = await call(real, signal, new Uint8Array());
    assert.deepEqual([code, body.length], [status.OK, 0], signal);
  }
});

test("G2 a full success leaves partial_success unset, and its records are durable", async () => {
  const { code, body } = await call(real, "logs", bytesOf(records.slice(0, 1)));
  assert.deepEqual([code, body.length], [status.OK, 0]);
  const found = await processor.json<{ predictions: unknown[] }>("/v1/predictions/grpc-0?model=flight-delay");
  assert.equal(found.predictions.length, 1);
});

test("G3 a partial success counts and explains what was refused", async () => {
  const { code, body } = await call(real, "logs", bytesOf([records[0]!, bad]));
  assert.equal(code, status.OK);
  const reader = new BinaryReader(body);
  reader.tag();
  const partial = fromBinary(reader.bytes());
  assert.equal(partial[1], 1);
  assert.match(String(partial[2]), /time_unix_nano/);
});

test("G4 bad data is INVALID_ARGUMENT, which is not repeated", async () => {
  const { code, retrySeconds } = await call(real, "logs", Uint8Array.from([0x0a, 0x05]));
  assert.deepEqual([code, retrySeconds], [status.INVALID_ARGUMENT, null]);
});

test("G5 overload is RESOURCE_EXHAUSTED with RetryInfo, before the message is read", async () => {
  held = 1_000_000;
  const full = await call(client, "logs", new Uint8Array());
  held = 0;
  assert.deepEqual([full.code, full.retrySeconds], [status.RESOURCE_EXHAUSTED, 1]);
  result = { kind: "busy", message: "the queue is full" };
  const busy = await call(client, "logs", new Uint8Array());
  assert.deepEqual([busy.code, busy.retrySeconds, busy.details], [status.RESOURCE_EXHAUSTED, 1, "the queue is full"]);
});

test("G6 a store that fails is UNAVAILABLE with RetryInfo", async () => {
  result = { kind: "failed", message: "no space left" };
  const { code, retrySeconds, details } = await call(client, "logs", new Uint8Array());
  assert.deepEqual([code, retrySeconds, details], [status.UNAVAILABLE, 1, "no space left"]);
});

test("G7 a message may be compressed by gzip, and what it becomes is bounded", async () => {
  result = { kind: "stored", accepted: 0, rejections: [] };
  const gzip = new Client(staged.address, credentials.createInsecure(), { "grpc.default_compression_algorithm": 2 });
  after(() => gzip.close());
  assert.equal((await call(gzip, "logs", Buffer.alloc(TOO_LARGE / 2))).code, status.OK);
  assert.equal((await call(gzip, "logs", Buffer.alloc(TOO_LARGE * 100))).code, status.RESOURCE_EXHAUSTED);
});

test("G8 a stranger is UNAUTHENTICATED, and a credential without the scope PERMISSION_DENIED", async () => {
  const refuse = (code: 401 | 403): Access => ({
    authorize: ({ headers }) =>
      headers.authorization === "Bearer good"
        ? openAccess().authorize({ headers: {}, method: "POST", certificate: null }, "ingest")
        : { kind: "refused", status: code, reason: "no_credential", message: "no" },
  });
  access = refuse(401);
  assert.equal((await call(client, "logs", new Uint8Array())).code, status.UNAUTHENTICATED);
  const metadata = new Metadata();
  metadata.set("authorization", "Bearer good");
  assert.equal((await call(client, "logs", new Uint8Array(), metadata)).code, status.OK);
  access = refuse(403);
  assert.equal((await call(client, "logs", new Uint8Array())).code, status.PERMISSION_DENIED);
  access = openAccess();
});
