import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { createProcessorClient } from "../../src/demo/processor-client.ts";

/** A server that drops the first connection of every run without an answer. */
async function withDroppingServer(run: (url: string, requests: string[]) => Promise<void>): Promise<void> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url?.split("?")[0]}`);
    if (requests.length === 1) request.socket.destroy();
    else response.end('{"measurements":[]}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

test("a connection that closes under a question is asked again, a command is not", async () => {
  await withDroppingServer(async (url, requests) => {
    assert.deepEqual(await createProcessorClient(url).newest("7d"), []);
    assert.deepEqual(requests, ["GET /v1/measurements", "GET /v1/measurements"]);
  });
  await withDroppingServer(async (url, requests) => {
    await assert.rejects(createProcessorClient(url).finishReplay(), /nothing answers/);
    assert.deepEqual(requests, ["POST /v1/replay"]);
  });
});
