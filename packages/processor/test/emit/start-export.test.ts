import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { metrics } from "@tidemark/semconv";
import { startExport } from "../../src/emit/start-export.ts";

test("a failed export is told, the next one carries everything again, and close sends a last one", async (t) => {
  const bodies: string[] = [];
  const collector = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      bodies.push(body);
      response.writeHead(bodies.length === 1 ? 400 : 200, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  t.after(() => collector.close());
  const { port } = collector.address() as AddressInfo;
  const failed = Promise.withResolvers<unknown>();
  const exported = startExport({
    url: `http://127.0.0.1:${port}/v1/metrics`,
    intervalMs: 50,
    points: () => [{ metric: metrics.driftPsi, attributes: { "ml.feature.name": "distance" }, value: 0.25 }],
    now: Date.now,
    onFailure: failed.resolve,
  });
  assert.match(String(await failed.promise), /400|Bad Request/);
  await exported.close();
  assert.ok(bodies.length >= 2);
  for (const body of bodies) assert.match(body, /"ml\.drift\.psi"/);
});
