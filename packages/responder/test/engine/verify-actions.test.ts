import assert from "node:assert/strict";
import { test } from "node:test";
import { MINUTE_MS, startEngine } from "./start-engine.ts";

const SHIFT = { rung: "shift_traffic", action: "shift", verifyAfter: "10m", undo: true };

/** A shift whose case has closed by the time of the first look. */
async function shifted(t: Parameters<typeof startEngine>[0]) {
  const engine = startEngine(t, [SHIFT]);
  await engine.fire();
  await engine.decide(true);
  await engine.resolve();
  return engine;
}

test("a case that has closed has been helped once what was judged since is well", async (t) => {
  const engine = await shifted(t);
  engine.processor.verdicts = [];
  await engine.pass(10 * MINUTE_MS);
  assert.deepEqual(engine.statuses(), ["shift_traffic succeeded"], "nothing has been judged yet");
  engine.processor.verdicts = [{ version: "1", state: "warning" }];
  await engine.pass(MINUTE_MS);
  assert.deepEqual(engine.statuses(), ["shift_traffic helped"]);
  assert.match(engine.state.actions.list()[0]!.result ?? "", /distance of version 1 is well since/);
});

test("where the version that has the traffic now is no better, it is taken back", async (t) => {
  const engine = await shifted(t);
  engine.processor.verdicts = [{ version: "1", state: "critical" }];
  await engine.pass(10 * MINUTE_MS);
  assert.deepEqual(engine.statuses(), ["shift_traffic undone"]);
  assert.match(engine.state.actions.list()[0]!.result ?? "", /distance of version 1 is critical/);
  assert.equal(engine.variant(), "new");
});

test("where nothing is judged for as long again, the case alone counts, and that is said", async (t) => {
  const engine = await shifted(t);
  engine.processor.verdicts = [];
  await engine.pass(19 * MINUTE_MS);
  assert.deepEqual(engine.statuses(), ["shift_traffic succeeded"]);
  await engine.pass(MINUTE_MS);
  assert.match(engine.state.actions.list()[0]!.result ?? "", /nothing judged since says more/);
});
