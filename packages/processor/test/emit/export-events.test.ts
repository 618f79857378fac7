import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import type { Explanation } from "@tidemark/schema";
import { exportEvents } from "../../src/emit/export-events.ts";

const explanation: Explanation = {
  tenant: "default",
  model: "flight-delay",
  version: "1",
  role: "champion",
  window: { name: "24h", start: "2001-05-01T00:00:00.000Z", end: "2001-05-02T00:00:00.000Z" },
  causes: [{ kind: "unit_change", target: "distance", explanation: "its usual values times 1.609" }],
  rows: 4_000,
  rowsBefore: 24_000,
  windowsBefore: 6,
  loss: null,
  features: [],
  coincident: [],
  examples: [{ id: "0190", traceId: "4bf92f3577b34da6a3ce929d0e0e4736" }],
};

async function startCollector(t: TestContext, status: number) {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    bodies.push((await buffer(request)).toString("latin1"));
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  return { bodies, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/logs` };
}

test("an explanation goes out as an event with its first cause and its examples", async (t) => {
  const { bodies, url } = await startCollector(t, 200);
  const exported = exportEvents(url, (error) => assert.fail(String(error)));
  exported.explained(explanation);
  await exported.close();
  assert.equal(bodies.length, 1);
  for (const text of ["ml.change.explained", "ml.cause.kind", "unit_change", "distance", "4bf92f3577b34da6"]) {
    assert.ok(bodies[0]!.includes(text), text);
  }
});

test("a proposal of weights goes out as an event of its own, with the weights in the body", async (t) => {
  const { bodies, url } = await startCollector(t, 200);
  const exported = exportEvents(url, (error) => assert.fail(String(error)));
  const { tenant, model, version, role, window } = explanation;
  const about = { tenant, model, version, role, window };
  exported.reweighed({
    ...about,
    weights: { trees: 1, linear: 0 },
    gain: 0.01,
    lower: 0.002,
    upper: 0.02,
    outcomes: 4_000,
    fittedRows: 5_000,
  });
  await exported.close();
  for (const text of ["ml.ensemble.weights_proposed", "flight-delay", '"weights":{"trees":1,"linear":0}']) {
    assert.ok(bodies[0]!.includes(text), text);
  }
});

test("what could not be sent is told", async (t) => {
  const { url } = await startCollector(t, 400);
  const failures: unknown[] = [];
  const exported = exportEvents(url, (error) => failures.push(error));
  exported.explained({ ...explanation, causes: [] });
  await exported.close();
  assert.equal(failures.length, 1);
});
