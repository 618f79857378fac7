import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { assembleTidemark } from "../../src/create-tidemark.ts";
import type { ExportSettings } from "../../src/own-export/export-settings.ts";
import { OwnExport } from "../../src/own-export/own-export.ts";
import { DropCounter } from "../../src/safety/drop-counter.ts";
import { FLIGHTS, GOOD_INPUTS } from "../harness.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function exportTo(context: TestContext, handler: Handler, settings: Partial<ExportSettings> = {}) {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => server.close().closeAllConnections());
  const drops = new DropCounter();
  const { tidemark } = assembleTidemark({}, drops);
  tidemark.describeModel(FLIGHTS).record({ inputs: GOOD_INPUTS });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/metrics`;
  const ownExport = new OwnExport({
    producer: tidemark.metricProducer,
    settings: { url, headers: { "x-key": "k" }, isCompressed: false, intervalMs: 5, timeoutMs: 5_000, ...settings },
    resource: async () => ({ "service.name": "shop" }),
    drops,
  });
  context.after(() => ownExport.stop());
  return { ownExport, drops };
}

test("points are posted as OTLP with the host's resource and headers, compressed where asked", async (context) => {
  for (const isCompressed of [false, true]) {
    const received: { headers: IncomingMessage["headers"]; body: Buffer }[] = [];
    const { ownExport, drops } = await exportTo(
      context,
      async (request, response) => {
        received.push({ headers: request.headers, body: await buffer(request) });
        response.end("{}");
      },
      { isCompressed },
    );
    await ownExport.flush();
    const [{ headers, body }] = received as [(typeof received)[0]];
    assert.deepEqual([headers["x-key"], headers["content-type"]], ["k", "application/json"]);
    const { resourceMetrics } = JSON.parse((isCompressed ? gunzipSync(body) : body).toString());
    assert.deepEqual(resourceMetrics[0].resource.attributes, [{ key: "service.name", value: { stringValue: "shop" } }]);
    const names = resourceMetrics[0].scopeMetrics[0].metrics.map(({ name }: { name: string }) => name);
    assert.ok(names.includes("ml.feature.value"), names.join(" "));
    assert.equal(drops.countOf("export_failed"), 0);
  }
});

test("a refusal and a server that is not there are counted, and nothing rejects", async (context) => {
  const { ownExport, drops } = await exportTo(context, (_request, response) => response.writeHead(503).end("busy"));
  await ownExport.flush();
  assert.equal(drops.countOf("export_failed"), 1);
  const gone = await exportTo(context, () => {}, { url: "http://127.0.0.1:9/v1/metrics" });
  await gone.ownExport.flush();
  assert.equal(gone.drops.countOf("export_failed"), 1);
});

test("while an export hangs, no other is started", async (context) => {
  let open = 0;
  let most = 0;
  const arrivals: (() => void)[] = [];
  const arrived = new Promise<void>((resolve) => arrivals.push(resolve));
  const { ownExport, drops } = await exportTo(
    context,
    (request) => {
      open += 1;
      most = Math.max(most, open);
      arrivals[0]!();
      request.on("close", () => {
        open -= 1;
      });
    },
    { timeoutMs: 300 },
  );
  ownExport.start();
  await arrived;
  // The export that hangs spans many intervals of 5 ms, and ends by its timeout.
  while (drops.countOf("export_failed") === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(most, 1);
});
