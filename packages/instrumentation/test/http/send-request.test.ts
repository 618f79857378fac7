import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { after, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { sendRequest } from "../../src/http/send-request.ts";

const MODULE = pathToFileURL(path.join(import.meta.dirname, "../../src/http/send-request.ts")).href;

const server = createServer((request, response) => {
  if (request.url === "/hang") return;
  if (request.url === "/long") response.end("x".repeat(2_000));
  else response.writeHead(201).end(`${request.method} ${request.headers["x-a"]}`);
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
after(() => server.close().closeAllConnections());

const OPTIONS = { method: "POST", headers: { "x-a": "1" }, body: "b", timeoutMs: 5_000, maxBytes: 1_000 } as const;

describe("sendRequest", () => {
  it("gives status and body", async () => {
    assert.deepEqual(await sendRequest(url, OPTIONS), { status: 201, body: "POST 1" });
  });

  it("rejects an answer that is too long, and one that does not come in time", async () => {
    await assert.rejects(sendRequest(`${url}/long`, OPTIONS), /longer than 1000 bytes/);
    await assert.rejects(sendRequest(`${url}/hang`, { ...OPTIONS, timeoutMs: 20 }), { name: "AbortError" });
  });

  it("does not keep a process that is done", async () => {
    const program = `
      import { sendRequest } from ${JSON.stringify(MODULE)};
      sendRequest("${url}/hang", { method: "GET", headers: {}, timeoutMs: 60_000, maxBytes: 1 });
      console.log("done");`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--conditions=tidemark-source", "--input-type=module", "-e", program],
      { timeout: 30_000 },
    );
    assert.equal(stdout, "done\n");
  });
});
