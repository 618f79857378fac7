import assert from "node:assert/strict";
import { test } from "node:test";
import { HOUR_MS, MINUTE_MS, startEngine, viewOf } from "./start-engine.ts";

const NOTIFY = { rung: "notify", action: "page", cooldown: "1m", budgetPerDay: 50 };
const SHIFT = { rung: "shift_traffic", action: "shift", cooldown: "1m", budgetPerDay: 50 };

test("a case that opens again after an action helped gets its steps again, each once", async (t) => {
  const engine = startEngine(t, [NOTIFY, { ...SHIFT, verifyAfter: "10m", undo: true }]);
  await engine.fire();
  await engine.pass(0);
  await engine.decide(true);
  await engine.resolve();
  await engine.pass(10 * MINUTE_MS);
  assert.deepEqual(engine.statuses(), ["notify succeeded", "shift_traffic helped"]);

  await engine.pass(5 * MINUTE_MS);
  await engine.fire();
  for (let round = 0; round < 3; round++) await engine.pass(0);
  assert.equal(engine.state.cases.list().length, 1, "it is the same case");
  assert.deepEqual(engine.statuses().toSorted(), [
    "notify succeeded",
    "notify succeeded",
    "shift_traffic awaiting_approval",
    "shift_traffic helped",
  ]);
});

test("what was cancelled because the case had closed is asked for again when it opens again", async (t) => {
  const engine = startEngine(t, [SHIFT]);
  await engine.fire();
  await engine.resolve();
  await engine.pass(MINUTE_MS);
  await engine.fire();
  assert.deepEqual(engine.statuses(), ["shift_traffic cancelled", "shift_traffic awaiting_approval"]);
});

test("a request of before the case closed and opened again is not what a person approves now", async (t) => {
  const engine = startEngine(t, [SHIFT]);
  await engine.fire();
  const [before] = engine.state.actions.list();
  engine.skip(MINUTE_MS);
  engine.state.cases.update(before!.caseId, { reopened: 1, sinceMs: Date.parse("2026-11-25T00:01:00Z") });
  await engine.pass(0);
  assert.equal(engine.state.actions.get(before!.id)?.status, "cancelled");
  assert.deepEqual(engine.statuses(), ["shift_traffic cancelled", "shift_traffic awaiting_approval"]);
});

test("a person's no stands for the case, however often it opens", async (t) => {
  const engine = startEngine(t, [NOTIFY, SHIFT]);
  await engine.fire();
  await engine.pass(0);
  await engine.decide(false);
  await engine.resolve();
  await engine.pass(5 * MINUTE_MS);
  await engine.fire();
  for (let round = 0; round < 3; round++) await engine.pass(MINUTE_MS);
  assert.deepEqual(engine.statuses(), ["notify succeeded", "shift_traffic rejected", "notify succeeded"]);
});

test("a request that nobody answered is made again, with what is seen then", async (t) => {
  const engine = startEngine(t, [SHIFT], {
    approvalExpiry: "1h",
    server: { publicUrl: "https://tidemark.example.com" },
  });
  await engine.fire();
  engine.processor.view = viewOf("covariate_shift");
  await engine.pass(HOUR_MS);
  const [lapsed, asked] = engine.state.actions.list();
  assert.deepEqual(engine.statuses(), ["shift_traffic expired", "shift_traffic awaiting_approval"]);
  assert.notEqual(asked!.id, lapsed!.id);
  assert.equal((asked!.evidence["firstCause"] as { kind: string }).kind, "covariate_shift");
  const { case: link } = asked!.evidence["links"] as { case: string };
  assert.equal(link, `https://tidemark.example.com/cases/${asked!.caseId}`);
  await engine.decide(true);
  assert.equal(engine.variant(), "old");
});

test("the kill switch delays: what it stopped is done, or asked for anew, once it is off", async (t) => {
  const engine = startEngine(t, [NOTIFY, SHIFT]);
  await engine.kill(true);
  await engine.fire();
  await engine.pass(3 * HOUR_MS);
  assert.deepEqual(engine.statuses(), []);
  await engine.kill(false);
  await engine.pass(0);
  assert.deepEqual(engine.statuses(), ["notify succeeded", "shift_traffic awaiting_approval"]);
  await engine.kill(true);
  await engine.decide(true);
  assert.equal(engine.variant(), "new");
  await engine.kill(false);
  assert.deepEqual(engine.statuses().slice(1), ["shift_traffic cancelled", "shift_traffic awaiting_approval"]);
  await engine.decide(true);
  assert.equal(engine.variant(), "old");
});

test("a spent budget delays a change, and does not silence the people after the one who cannot be called", async (t) => {
  const steps = [
    { ...NOTIFY, budgetPerDay: 1 },
    { ...NOTIFY, unlessAcknowledged: true, after: "15m" },
    { ...SHIFT, budgetPerDay: 1 },
  ];
  const engine = startEngine(t, steps, { alertStaleAfter: "100h" });
  await engine.fire();
  for (let round = 0; round < 2; round++) await engine.pass(20 * MINUTE_MS);
  await engine.decide(true);
  await engine.resolve();
  await engine.pass(MINUTE_MS);
  await engine.fire();
  for (let round = 0; round < 8; round++) await engine.pass(20 * MINUTE_MS);
  assert.deepEqual(
    engine.state.actions.list().map(({ step, status }) => `${step} ${status}`),
    ["0 succeeded", "1 succeeded", "2 succeeded", "0 expired", "1 succeeded"],
  );
  await engine.pass(24 * HOUR_MS);
  assert.match(engine.statuses().at(-1)!, /shift_traffic awaiting_approval/);
});

test("an action that is no answer to what is known by now does not start, though a person has agreed", async (t) => {
  const engine = startEngine(t, [{ ...SHIFT, unlessCause: ["silence"] }]);
  await engine.fire();
  engine.processor.view = viewOf("silence");
  await engine.decide(true);
  await engine.pass(0);
  assert.deepEqual(engine.statuses(), ["shift_traffic cancelled"]);
  assert.equal(engine.variant(), "new");
});

test("a case that opens again soon after a change to its model waits for a person, whatever the rung", async (t) => {
  const engine = startEngine(t, [SHIFT], { approvalAbove: "retrain" });
  await engine.fire();
  assert.deepEqual(engine.statuses(), ["shift_traffic succeeded"]);
  await engine.resolve();
  await engine.pass(5 * MINUTE_MS);
  await engine.fire();
  assert.deepEqual(engine.statuses(), ["shift_traffic succeeded", "shift_traffic awaiting_approval"]);
  assert.match(engine.state.actions.list()[1]!.result ?? "", /may be the effect of shift/);
});

test("an acknowledgement is of the opening that it was given in", async (t) => {
  const engine = startEngine(t, [{ ...NOTIFY, unlessAcknowledged: true, after: "15m" }]);
  await engine.fire();
  const [found] = engine.state.cases.list();
  engine.state.cases.update(found!.id, { acknowledgedMs: found!.sinceMs });
  await engine.pass(20 * MINUTE_MS);
  assert.deepEqual(engine.statuses(), []);
  await engine.resolve();
  await engine.pass(MINUTE_MS);
  await engine.fire();
  await engine.pass(15 * MINUTE_MS);
  assert.deepEqual(engine.statuses(), ["notify succeeded"]);
});
