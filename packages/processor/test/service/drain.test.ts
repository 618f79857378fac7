import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestProcessor } from "./start-test-processor.ts";

test("while it drains a processor is not ready, takes what still comes and lets go of its connections", async (t) => {
  const processor = await startTestProcessor(t, { config: { server: { port: 0, drainPeriod: "200ms" } } });
  const before = await fetch(`${processor.url}/readyz`);
  assert.deepEqual([before.status, before.headers.get("connection")], [200, "keep-alive"]);
  await before.text();
  const drained = processor.drain();
  const ready = await fetch(`${processor.url}/readyz`);
  assert.equal(ready.status, 503);
  assert.match(await ready.text(), /about to stop/);
  const accepted = await processor.post("/v1/logs", "{}");
  assert.deepEqual([accepted.status, accepted.headers.get("connection")], [200, "close"]);
  await drained;
});
