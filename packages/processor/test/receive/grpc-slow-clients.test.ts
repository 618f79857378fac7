import assert from "node:assert/strict";
import { once } from "node:events";
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from "node:http2";
import { connect as connectTcp } from "node:net";
import { test } from "node:test";
import { status } from "@grpc/grpc-js";
import type { Access } from "../../src/access/access.ts";
import { createRoom } from "../../src/receive/create-room.ts";
import { createFairShare } from "../../src/receive/fair-share.ts";
import { startGrpcServer } from "../../src/receive/grpc-server.ts";

/** The tenant is what the token says. */
const access: Access = {
  authorize: ({ headers }) => ({
    kind: "allowed",
    principal: { name: "any", tenant: headers.authorization ?? "", scopes: new Set(["ingest"]) },
  }),
};

function startServer(patience: { readonly arriveWithinMs?: number; readonly idleMs?: number }) {
  const options = {
    access,
    limits: { maxRequestBytes: 1_000, maxDecodedBytes: 1_000 },
    room: createRoom(1e6, () => 0),
    shares: createFairShare(1e6),
    canDecode: () => true,
    ingest: async () => ({ kind: "stored", accepted: 0, rejections: [] }) as const,
  };
  return startGrpcServer({ host: "127.0.0.1", port: 0 }, options, null, patience);
}

/** Opens a call that announces a message of ten bytes. */
function open(session: ClientHttp2Session, tenant: string): ClientHttp2Stream {
  const stream = session.request({
    ":method": "POST",
    ":path": "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
    "content-type": "application/grpc",
    te: "trailers",
    authorization: tenant,
  });
  stream.on("error", () => {});
  stream.write(Buffer.from([0, 0, 0, 0, 10]));
  return stream;
}

/** Status of a call, whether it comes with its headers or behind its answer. */
async function statusOf(stream: ClientHttp2Stream): Promise<number> {
  stream.resume();
  return new Promise((resolve) => {
    for (const event of ["response", "trailers"] as const) {
      stream.on(event, (headers: Record<string, unknown>) => {
        if (headers["grpc-status"] !== undefined) resolve(Number(headers["grpc-status"]));
      });
    }
  });
}

const EMPTY_MESSAGE = Buffer.alloc(10);

test("a call whose message does not arrive is cut off, and its place is free again", async (t) => {
  const server = await startServer({ arriveWithinMs: 50 });
  const session = connect(`http://${server.address}`);
  t.after(async () => {
    session.destroy();
    await server.close();
  });
  for (let round = 0; round < 3; round++) {
    const codes = await Promise.all(Array.from({ length: 32 }, () => statusOf(open(session, "acme"))));
    // One tenant has half of the places and one more.
    assert.deepEqual(new Set(codes), new Set([status.DEADLINE_EXCEEDED, status.RESOURCE_EXHAUSTED]));
    assert.equal(codes.filter((code) => code === status.DEADLINE_EXCEEDED).length, 17);
  }
});

test("messages that are arriving are bounded, and one tenant does not take every place", async (t) => {
  const server = await startServer({});
  const session = connect(`http://${server.address}`);
  t.after(async () => {
    session.destroy();
    await server.close();
  });
  const held = Array.from({ length: 17 }, () => open(session, "acme"));
  assert.equal(await statusOf(open(session, "acme")), status.RESOURCE_EXHAUSTED);
  const other = open(session, "globex");
  other.end(EMPTY_MESSAGE);
  assert.equal(await statusOf(other), status.OK);
  // Calls that end, whether they are sent whole or given up, give their places back.
  held[0]!.end(EMPTY_MESSAGE);
  assert.equal(await statusOf(held[0]!), status.OK);
  for (const stream of held.slice(1)) stream.close();
  for (let waited = 0; ; waited++) {
    assert.ok(waited < 200, "the places are not given back");
    const next = open(session, "acme");
    next.end(EMPTY_MESSAGE);
    if ((await statusOf(next)) === status.OK) break;
  }
});

test("a connection without a call is closed, also one that says nothing at all", async (t) => {
  const server = await startServer({ idleMs: 100 });
  t.after(() => server.close());
  const session = connect(`http://${server.address}`);
  const silent = connectTcp(Number(server.address.split(":")[1]), "127.0.0.1").resume();
  const signal = AbortSignal.timeout(10_000);
  await Promise.all([once(session, "close", { signal }), once(silent, "close", { signal })]);
});
