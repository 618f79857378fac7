// The clauses of docs/otlp-conformance.md about a receiver that cannot keep up, and about one that fails.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pino } from "pino";
import { openAccess } from "../../src/access/open-access.ts";
import { createRoom } from "../../src/receive/create-room.ts";
import { createFairShare } from "../../src/receive/fair-share.ts";
import { type HttpServer, startHttpServer } from "../../src/receive/http-server.ts";
import { answerOtlp, type IngestResult } from "../../src/receive/otlp-endpoint.ts";

let server: HttpServer;
let result: IngestResult = { kind: "stored", accepted: 0, rejections: [] };
let held = 0;

before(async () => {
  const options = {
    access: openAccess(),
    limits: { maxRequestBytes: 1_000, maxDecodedBytes: 1_000 },
    shares: createFairShare(1e9),
    canDecode: () => true,
    room: createRoom(1_000, () => held),
    ingest: async () => result,
  };
  server = await startHttpServer(
    { host: "127.0.0.1", port: 0 },
    (request) => answerOtlp(request, "logs", options),
    pino({ level: "silent" }),
  );
});
after(() => server.close());

async function post(body = "{}") {
  const headers = { "content-type": "application/json" };
  const response = await fetch(server.url, { method: "POST", body, headers });
  const retryAfter = response.headers.get("retry-after");
  return { status: response.status, retryAfter, message: ((await response.json()) as { message?: string }).message };
}

test("H13 overload is 429 or 503 with Retry-After in seconds, and nothing is taken", async () => {
  held = 1_000;
  assert.deepEqual(await post(), { status: 429, retryAfter: "1", message: "too many records wait to be stored" });
  held = 0;
  result = { kind: "busy", message: "the queue is full" };
  assert.deepEqual(await post(), { status: 429, retryAfter: "1", message: "the queue is full" });
  result = { kind: "failed", message: "no space left" };
  assert.deepEqual(await post(), { status: 503, retryAfter: "1", message: "no space left" });
});

test("H14 what repeating cannot mend is no status that a client repeats", async () => {
  const repeated = [429, 502, 503, 504];
  result = { kind: "undecodable", message: "no OTLP" };
  const answers = [await post(), await post("x".repeat(2_000))];
  assert.deepEqual(
    answers.map(({ status }) => status),
    [400, 413],
  );
  for (const { status, retryAfter } of answers) {
    assert.ok(!repeated.includes(status));
    assert.equal(retryAfter, null);
  }
});
