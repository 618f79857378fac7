import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import type { Explanation } from "@tidemark/schema";
import { exportExplanations } from "../../src/emit/export-explanations.ts";

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
  const exported = exportExplanations(url, (error) => assert.fail(String(error)));
  exported.send(explanation);
  await exported.close();
  assert.equal(bodies.length, 1);
  for (const text of ["ml.change.explained", "ml.cause.kind", "unit_change", "distance", "4bf92f3577b34da6"]) {
    assert.ok(bodies[0]!.includes(text), text);
  }
});

test("what could not be sent is told", async (t) => {
  const { url } = await startCollector(t, 400);
  const failures: unknown[] = [];
  const exported = exportExplanations(url, (error) => failures.push(error));
  exported.send({ ...explanation, causes: [] });
  await exported.close();
  assert.equal(failures.length, 1);
});
