import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { exportEvents } from "../../src/emit/export-events.ts";
import { openResponderState } from "../../src/state/responder-state.ts";

/** A Collector that takes requests or refuses them, and keeps the text of those that it took. */
async function startCollector(t: TestContext) {
  const taken: string[] = [];
  const collector = { isRefusing: false, taken };
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    if (!collector.isRefusing) taken.push(body.toString("latin1"));
    response.writeHead(collector.isRefusing ? 400 : 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  return { collector, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/logs` };
}

test("the audit log goes out once and in order; what was refused goes out the next time", async (t) => {
  const { collector, url } = await startCollector(t);
  const state = openResponderState(":memory:");
  const failures: unknown[] = [];
  const events = exportEvents(state, url, (error) => failures.push(error));
  t.after(() => events.close());
  const append = (kind: string) =>
    state.audit.append({ atMs: 1_000, actor: "ada", kind, subject: "a1", detail: { reason: "seen" } });
  append("ml.action.requested");
  append("ml.action.approved");
  await events.ship();
  assert.match(collector.taken.join(""), /ml\.action\.requested[\s\S]*ml\.action\.approved/);
  await events.ship();
  assert.equal(collector.taken.length, 1, "nothing new, nothing sent");

  append("ml.action.failed");
  collector.isRefusing = true;
  await events.ship();
  assert.equal(failures.length, 1);
  collector.isRefusing = false;
  await events.ship();
  assert.equal(collector.taken.length, 2);
  assert.match(collector.taken[1]!, /ml\.action\.failed/);
  assert.doesNotMatch(collector.taken[1]!, /ml\.action\.approved/);
});
