import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { pino } from "pino";
import { openAccess } from "../../src/access/open-access.ts";
import { createRoom } from "../../src/receive/create-room.ts";
import { createFairShare } from "../../src/receive/fair-share.ts";
import { type HttpServer, startHttpServer } from "../../src/receive/http-server.ts";
import { answerOtlp, type IngestResult } from "../../src/receive/otlp-endpoint.ts";

const LIMITS = { maxRequestBytes: 2_000, maxDecodedBytes: 10_000 };
const JSON_TYPE = { "content-type": "application/json" };
const PROTOBUF_TYPE = { "content-type": "application/x-protobuf" };

let server: HttpServer;
let result: IngestResult;
/** Bytes that others hold of the 5,000 that bodies may share with them. */
let heldByOthers = 0;
const room = createRoom(5_000, () => heldByOthers);
const shares = createFairShare(1e9);
let canDecode = true;
let taken: Uint8Array[] = [];

before(async () => {
  const ingest = async (_signal: string, body: Uint8Array) => {
    taken.push(body);
    return result;
  };
  server = await startHttpServer(
    { host: "127.0.0.1", port: 0 },
    (request) =>
      answerOtlp(request, "logs", {
        access: openAccess(),
        limits: LIMITS,
        room,
        shares,
        canDecode: () => canDecode,
        ingest,
      }),
    pino({ level: "silent" }),
  );
});

after(() => server.close());

function reset(next: IngestResult = { kind: "stored", accepted: 1, rejections: [] }): void {
  result = next;
  heldByOthers = 0;
  taken = [];
}

function post(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string>): Promise<Response> {
  return fetch(server.url, { method: "POST", body, headers });
}

/** Code and message of a protobuf google.rpc.Status. */
async function protobufStatus(response: Response): Promise<[code: number, message: string]> {
  const bytes = Buffer.from(await response.arrayBuffer());
  assert.equal(bytes[0], 0x08);
  assert.equal(bytes[2], 0x12);
  return [bytes[1]!, bytes.subarray(4 + (bytes[3]! > 0x7f ? 1 : 0)).toString()];
}

test("what is stored is answered 200 in the request's own encoding", async () => {
  reset();
  for (const headers of [JSON_TYPE, PROTOBUF_TYPE, { "content-type": "application/json; charset=utf-8" }]) {
    const response = await post("{}", headers);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), headers["content-type"].split(";")[0]);
    await response.arrayBuffer();
  }
});

test("rejected records are a partial success with their reason", async () => {
  const rejection = {
    reason: "timestamp_out_of_range",
    count: 3,
    example: "record 4: timeUnixNano is in 1970",
    first: 4,
  };
  reset({ kind: "stored", accepted: 5, rejections: [rejection] });
  const response = await post("{}", JSON_TYPE);
  assert.equal(response.status, 200);
  const { partialSuccess } = (await response.json()) as { partialSuccess: Record<string, unknown> };
  assert.equal(Number(partialSuccess["rejectedLogRecords"]), 3);
  assert.match(String(partialSuccess["errorMessage"]), /timeUnixNano/);
});

test("an undecodable body is 400 with a Status in both encodings", async () => {
  reset({ kind: "undecodable", message: "field 1 ends early" });
  const json = await post("{}", JSON_TYPE);
  assert.equal(json.status, 400);
  assert.deepEqual(await json.json(), { code: 3, message: "field 1 ends early" });
  const protobuf = await post("{}", PROTOBUF_TYPE);
  assert.equal(protobuf.status, 400);
  assert.deepEqual(await protobufStatus(protobuf), [3, "field 1 ends early"]);
});

test("gzip is read, broken gzip is 400, other codings are 415", async () => {
  reset();
  const gzip = { ...JSON_TYPE, "content-encoding": "gzip" };
  assert.equal((await post(gzipSync("hello"), gzip)).status, 200);
  assert.equal(Buffer.from(taken[0]!).toString(), "hello");
  assert.equal((await post("not gzip", gzip)).status, 400);
  assert.equal((await post(gzipSync("cut off").subarray(0, 12), gzip)).status, 400);
  assert.equal((await post("x", { ...JSON_TYPE, "content-encoding": "deflate" })).status, 415);
  assert.equal(taken.length, 1);
});

test("too many bytes are 413 on the wire, declared or not, and after decompression", async () => {
  reset();
  const declared = await post("x".repeat(LIMITS.maxRequestBytes + 1), JSON_TYPE);
  assert.equal(declared.status, 413);
  const chunks = new ReadableStream({
    start(controller) {
      for (let sent = 0; sent <= LIMITS.maxRequestBytes; sent += 100) controller.enqueue(Buffer.alloc(100));
      controller.close();
    },
  });
  const streamed = await fetch(server.url, { method: "POST", body: chunks, headers: JSON_TYPE, duplex: "half" });
  assert.equal(streamed.status, 413);
  const bomb = gzipSync(Buffer.alloc(1_000_000));
  assert.ok(bomb.length < LIMITS.maxRequestBytes);
  const exploded = await post(bomb, { ...PROTOBUF_TYPE, "content-encoding": "gzip" });
  assert.equal(exploded.status, 413);
  assert.match((await protobufStatus(exploded))[1], /after decompression/);
  assert.equal(taken.length, 0);
});

test("a client that is still sending has its answer all the same, and the connection stays", async () => {
  reset();
  const { hostname, port } = new URL(server.url);
  const answer = await new Promise<string>((resolve, reject) => {
    let text = "";
    const socket = connect(Number(port), hostname);
    socket.once("error", reject).on("data", (chunk) => {
      text += chunk.toString("latin1");
      if (text.split("HTTP/1.1").length === 3) socket.end();
    });
    socket.once("close", () => resolve(text));
    const size = 20_000_000;
    const head = `POST / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: `;
    socket.write(`${head}${size}\r\n\r\n`);
    socket.write(Buffer.alloc(size, " "));
    socket.write(`${head}2\r\n\r\n{}`);
  });
  assert.deepEqual(
    [...answer.matchAll(/HTTP\/1.1 (\d+)/g)].map((match) => match[1]),
    ["413", "200"],
  );
});

test("other methods are 405 and other content types 415", async () => {
  reset();
  const get = await fetch(server.url);
  assert.equal(get.status, 405);
  assert.equal(get.headers.get("allow"), "POST");
  const response = await post("a,b", { "content-type": "text/csv" });
  assert.equal(response.status, 415);
  assert.match(((await response.json()) as { message: string }).message, /text\/csv/);
});

test("without room or with a failing store the sender is told when to come back", async () => {
  reset();
  heldByOthers = 5_000;
  const full = await post("{}", JSON_TYPE);
  assert.equal(full.status, 429);
  assert.equal(full.headers.get("retry-after"), "1");
  assert.equal(taken.length, 0);
  reset({ kind: "failed", message: "the disk is full" });
  const failed = await post("{}", JSON_TYPE);
  assert.equal(failed.status, 503);
  assert.equal(failed.headers.get("retry-after"), "1");
  assert.deepEqual(await failed.json(), { code: 14, message: "the disk is full" });
});

test("a body that the heap has no room to decode is refused before it is parsed", async () => {
  reset();
  canDecode = false;
  const response = await post("{}", JSON_TYPE);
  canDecode = true;
  assert.equal(response.status, 503);
  assert.equal(response.headers.get("retry-after"), "1");
  assert.equal(taken.length, 0);
});

test("bodies together never hold more than their share, and give it back", async () => {
  reset();
  heldByOthers = 4_900;
  const large = gzipSync(Buffer.alloc(9_000, "x"));
  for (let attempt = 0; attempt < 3; attempt++) {
    assert.equal((await post(large, { ...JSON_TYPE, "content-encoding": "gzip" })).status, 200);
  }
  const stalled = new ReadableStream({
    start(controller) {
      controller.enqueue(Buffer.alloc(200));
    },
  });
  const abort = new AbortController();
  const { signal } = abort;
  const waiting = fetch(server.url, { method: "POST", body: stalled, headers: JSON_TYPE, duplex: "half", signal });
  await until(() => !room.isLeft());
  assert.equal((await post("{}", JSON_TYPE)).status, 429);
  abort.abort();
  await assert.rejects(waiting);
  await until(() => room.isLeft());
  assert.equal((await post("{}", JSON_TYPE)).status, 200);
});

async function until(isSo: () => boolean): Promise<void> {
  for (let waitedMs = 0; !isSo(); waitedMs += 10) {
    assert.ok(waitedMs < 5_000, "it did not come about in five seconds");
    await sleep(10);
  }
}

test("a client that goes away in the middle harms nobody", async () => {
  reset();
  const { hostname, port } = new URL(server.url);
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write("POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{");
      setImmediate(() => socket.destroy());
    });
    socket.once("close", () => resolve());
  });
  assert.equal((await post("{}", JSON_TYPE)).status, 200);
  assert.equal(taken.length, 1);
});

test("a taken port is refused with one clear error", async () => {
  const { hostname, port } = new URL(server.url);
  const second = startHttpServer(
    { host: hostname, port: Number(port) },
    async () => ({ status: 200, contentType: "text/plain", body: "" }),
    pino({ level: "silent" }),
  );
  await assert.rejects(second, { code: "TIDEMARK_PORT_TAKEN" });
});
