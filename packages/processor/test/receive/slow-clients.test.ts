import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { Readable } from "node:stream";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { openAccess } from "../../src/access/open-access.ts";
import { createRoom } from "../../src/receive/create-room.ts";
import { createFairShare } from "../../src/receive/fair-share.ts";
import { type HttpServer, startHttpServer } from "../../src/receive/http-server.ts";
import { answerOtlp } from "../../src/receive/otlp-endpoint.ts";

const PATIENCE = { headersMs: 200, requestMs: 400, answerMs: 200, checkMs: 50 };
const MANY_BYTES = 64 * 1024 * 1024;

let server: HttpServer;
let produced = 0;
const room = createRoom(1_000_000, () => 0);

before(async () => {
  server = await startHttpServer(
    { host: "127.0.0.1", port: 0 },
    async (request) => {
      if (request.method === "GET") {
        return { status: 200, contentType: "application/octet-stream", body: Readable.from(endless()) };
      }
      return answerOtlp(request, "logs", {
        access: openAccess(),
        limits: { maxRequestBytes: 1_000_000, maxDecodedBytes: 1_000_000 },
        room,
        shares: createFairShare(1e9),
        canDecode: () => true,
        ingest: async () => ({ kind: "stored", accepted: 0, rejections: [] }),
      });
    },
    pino({ level: "silent" }),
    { patience: PATIENCE },
  );
});

after(() => server.close());

function* endless() {
  for (; produced < MANY_BYTES; produced += 65_536) yield Buffer.alloc(65_536);
}

/** Sends text, then whatever `more` does until the server ends the connection. */
async function untilCutOff(text: string, more: (socket: Socket) => void = () => undefined): Promise<string> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  let answer = "";
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.on("error", () => undefined);
  socket.on("data", (chunk) => {
    answer += chunk.toString("latin1");
  });
  socket.write(text);
  const trickle = setInterval(() => more(socket), 20);
  const deadline = AbortSignal.timeout(10_000);
  await Promise.race([
    closed,
    new Promise((_, reject) => deadline.addEventListener("abort", () => reject(new Error("it was never cut off")))),
  ]);
  clearInterval(trickle);
  return answer;
}

const POST = "POST /v1/logs HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n";

test("a client that trickles its headers is cut off", async () => {
  assert.match(
    await untilCutOff("POST /v1/logs HTTP/1.1\r\n", (socket) => socket.write("x: 1\r\n")),
    /^HTTP\/1.1 408|^$/,
  );
});

test("a client that trickles its body is cut off, and what was held for it is given back", async () => {
  const answer = await untilCutOff(`${POST}content-length: 900000\r\n\r\n`, (socket) => socket.write("x"));
  assert.match(answer, /^HTTP\/1.1 408|^$/);
  for (let waitedMs = 0; room.held() > 0; waitedMs += 10) {
    assert.ok(waitedMs < 5_000, "the memory of the body was not given back");
    await sleep(10);
  }
});

test("a half-open client that says nothing more is cut off", async () => {
  assert.match(await untilCutOff(`${POST}content-length: 10\r\n\r\n{`), /^HTTP\/1.1 408|^$/);
});

test("a client that does not read its answer is cut off, and the answer is not made for it in memory", async () => {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => undefined);
  socket.pause();
  socket.write("GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
  for (let waitedMs = 0, last = -1; produced !== last || produced === 0; waitedMs += 500) {
    assert.ok(waitedMs < 10_000, "it goes on");
    last = produced;
    await sleep(500);
  }
  assert.ok(produced < MANY_BYTES / 2, `${produced} bytes were made`);
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.resume();
  await closed;
  // The pause must not have been waited out: what came is less than the whole.
  assert.ok(socket.bytesRead < MANY_BYTES);
});
