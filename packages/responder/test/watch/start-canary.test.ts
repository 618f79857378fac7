import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { pino } from "pino";
import type { EngineParts } from "../../src/engine/engine-parts.ts";
import { createLease } from "../../src/state/lease.ts";
import { openResponderState } from "../../src/state/responder-state.ts";
import { raiseSelfAlarm } from "../../src/watch/self-alarm.ts";
import { startCanary } from "../../src/watch/start-canary.ts";
import { testConfig } from "../support.ts";

/** A canary of a pipeline that a test makes whole or not, with an alarm that an earlier holder of the lease raised. */
async function startFlights(t: TestContext) {
  const pipeline = { isWhole: false, isHolder: true, onRequest: (): void => undefined };
  const server = createServer((request, response) => {
    request.resume();
    pipeline.onRequest();
    if (!pipeline.isWhole) return response.writeHead(503).end();
    response.end(JSON.stringify({ predictions: [{ outcome: { label: "low" } }] }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const state = openResponderState(":memory:");
  const parts: EngineParts = {
    state,
    config: testConfig({ processor: url, watch: { canary: { endpoint: url, every: "1h", within: "10s" } } }),
    directory: "/",
    lease: createLease(state.database, "one", 60_000),
    now: Date.now,
    reach: () => Promise.reject(new Error("nothing is reached")),
    lookUp: async () => new Map(),
    verdictsSince: async () => [{ version: "1", state: "ok" }],
    onChange() {},
  };
  raiseSelfAlarm(parts, { name: "TidemarkCanaryLost", target: "pipeline", problem: "two were lost" });
  return {
    pipeline,
    open: () => state.cases.list({ open: true }).length,
    /** One flight of a replica that has just started, to its end. */
    async fly() {
      const logger = pino({ enabled: false });
      const canary = await startCanary(parts, { readToken: null, isHolder: () => pipeline.isHolder, logger });
      await canary!.stop();
      return canary!.counts;
    },
  };
}

test("a new holder's first canary that is lost does not close the case of those lost before", async (t) => {
  const { pipeline, open, fly } = await startFlights(t);
  assert.deepEqual(await fly(), { arrived: 0, lost: 1 });
  assert.equal(open(), 1);
  pipeline.isWhole = true;
  assert.deepEqual(await fly(), { arrived: 1, lost: 0 });
  assert.equal(open(), 0);
});

test("who has lost the lease in flight says nothing of the alarm", async (t) => {
  const { pipeline, open, fly } = await startFlights(t);
  pipeline.isWhole = true;
  pipeline.onRequest = () => {
    pipeline.isHolder = false;
  };
  assert.deepEqual(await fly(), { arrived: 1, lost: 0 });
  assert.equal(open(), 1);
});
