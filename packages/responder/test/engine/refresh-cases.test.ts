import assert from "node:assert/strict";
import { test } from "node:test";
import { advance } from "../../src/engine/advance.ts";
import type { EngineParts } from "../../src/engine/engine-parts.ts";
import { refreshCases } from "../../src/engine/refresh-cases.ts";
import { takeAlerts } from "../../src/intake/take-alerts.ts";
import { createLease } from "../../src/state/lease.ts";
import { openResponderState } from "../../src/state/responder-state.ts";
import { alertUpdate, testConfig } from "../support.ts";
import { HOUR_MS, MINUTE_MS, startEngine, viewOf } from "./start-engine.ts";

const SHIFT = { rung: "shift_traffic", action: "shift" };

test("while the processor is away people are told, and nothing is changed until it answers", async (t) => {
  const engine = startEngine(t, [
    { rung: "notify", action: "page" },
    { ...SHIFT, unlessCause: ["silence"] },
  ]);
  engine.processor.isAway = true;
  await engine.fire();
  await engine.pass(HOUR_MS);
  assert.deepEqual(engine.statuses(), ["notify succeeded"]);
  engine.processor.isAway = false;
  engine.processor.view = null;
  await engine.pass(MINUTE_MS);
  assert.deepEqual(engine.statuses(), ["notify succeeded"], "it knows no cause, which might be silence");
  engine.processor.view = viewOf("concept_shift");
  await engine.pass(MINUTE_MS);
  assert.deepEqual(engine.statuses(), ["notify succeeded", "shift_traffic awaiting_approval"]);
});

test("what a person has approved runs though the processor is away; what nobody has approved does not", async (t) => {
  const engine = startEngine(t, [SHIFT]);
  await engine.fire();
  engine.processor.isAway = true;
  await engine.decide(true);
  assert.equal(engine.variant(), "old");

  const alone = startEngine(t, [SHIFT], { approvalAbove: "retrain" });
  alone.processor.isAway = true;
  await alone.fire();
  await alone.pass(MINUTE_MS);
  assert.equal(alone.variant(), "new");
});

test("an incident that has ended counts as helped, though the message of its end was lost", async (t) => {
  const engine = startEngine(t, [{ ...SHIFT, verifyAfter: "10m", undo: true }]);
  await engine.fire();
  await engine.decide(true);
  engine.processor.view = viewOf("concept_shift", "ok");
  await engine.pass(10 * MINUTE_MS);
  assert.deepEqual(engine.statuses(), ["shift_traffic helped"]);
  assert.equal(engine.variant(), "old");
});

test("nothing is taken back while nobody knows whether it helped", async (t) => {
  const engine = startEngine(t, [{ ...SHIFT, verifyAfter: "10m", undo: true }]);
  await engine.fire();
  await engine.decide(true);
  engine.processor.isAway = true;
  await engine.pass(HOUR_MS);
  assert.equal(engine.variant(), "old");
  engine.processor.isAway = false;
  await engine.pass(MINUTE_MS);
  assert.equal(engine.variant(), "new");
});

/** Open cases of versions, and how the processor deals with each question. */
function withCases(versions: readonly string[], lookUp: EngineParts["lookUp"]) {
  const state = openResponderState(":memory:");
  const updates = versions.map((version, index) =>
    alertUpdate({ fingerprint: `f${index}`, version, target: `t${index}` }),
  );
  takeAlerts(state, updates, "alertmanager", 2_000_000);
  let nowMs = 2_000_000;
  const lease = createLease(state.database, "one", MINUTE_MS);
  const parts: EngineParts = {
    state,
    config: testConfig({
      actions: { tell: { type: "command", run: ["true"] } },
      policies: [{ name: "p", models: ["*"], steps: [{ rung: "notify", action: "tell" }] }],
    }),
    directory: "/",
    lease,
    now: () => nowMs,
    reach: () => Promise.reject(new Error("nothing is reached")),
    lookUp,
    verdictsSince: async () => [{ version: "1", state: "ok" }],
    onChange() {},
  };
  return { state, parts, pass: (ms: number) => (nowMs += ms) };
}

test("a version is asked about once, versions side by side, and one that fails holds up no other", async () => {
  const asked: string[] = [];
  let [running, most] = [0, 0];
  const { parts } = withCases(["1", "1", "2", "3"], async (cases) => {
    asked.push(cases[0]!.version);
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    if (cases[0]!.version === "2") throw new Error("too slow");
    return new Map(cases.map(({ id }) => [id, viewOf("nulls")]));
  });
  const { known, answered } = await refreshCases(parts);
  assert.deepEqual([asked.toSorted(), most], [["1", "2", "3"], 3]);
  assert.deepEqual([known.size, answered.size], [4, 3]);
});

test("a replica whose lease has passed on while it asked requests nothing", async () => {
  const { state, parts, pass } = withCases(["1"], async () => {
    pass(2 * MINUTE_MS);
    createLease(state.database, "another", MINUTE_MS).hold(2_000_000 + 2 * MINUTE_MS);
    return new Map();
  });
  await advance(parts);
  assert.deepEqual(state.actions.list(), []);
});
