import assert from "node:assert/strict";
import { test } from "node:test";
import type { FirstCause } from "@tidemark/schema";
import { takeAlerts } from "../../src/intake/take-alerts.ts";
import { decideNextStep } from "../../src/policy/decide-next-step.ts";
import { isWithinHours } from "../../src/policy/within-hours.ts";
import type { Action } from "../../src/state/actions.ts";
import { openResponderState } from "../../src/state/responder-state.ts";
import { alertUpdate, testConfig } from "../support.ts";

const OPENED = 1_000_000;
const MINUTE_MS = 60_000;
const ACTIONS = { run: { type: "command", run: ["true"] } };

function decide(
  steps: Record<string, unknown>[],
  change: {
    cause?: FirstCause["kind"];
    taken?: Partial<Action>[];
    earlier?: Partial<Action>[];
    isAnswered?: boolean;
    startWait?: string;
    afterMs?: number;
    acknowledgedMs?: number;
  } = {},
) {
  const state = openResponderState(":memory:");
  takeAlerts(state, [alertUpdate()], "alertmanager", OPENED);
  const [found] = state.cases.list();
  const { cause, taken = [], earlier = [], isAnswered = true, startWait = null } = change;
  const { afterMs = 0, acknowledgedMs = null } = change;
  const actionsOf = (given: Partial<Action>[]) =>
    given.map((action, step) => ({ step, rung: steps[step]!["rung"], verifyAtMs: null, ...action }) as Action);
  const policies = [{ name: "p", models: ["*"], steps: steps.map((step) => ({ action: "run", ...step })) }];
  return decideNextStep({
    found: {
      ...found!,
      acknowledgedMs,
      cause: cause === undefined ? null : { kind: cause, target: "distance", explanation: "" },
    },
    policy: testConfig({ actions: ACTIONS, policies }).policies[0]!,
    actions: actionsOf(taken),
    earlier: actionsOf(earlier),
    isAnswered,
    confidence: 0.5,
    startWait: () => startWait,
    nowMs: OPENED + afterMs,
  });
}

test("a data fault never leads to training, and neither does a cause that is not known", () => {
  const retrain = [{ rung: "retrain" }];
  assert.equal(decide(retrain, { cause: "unit_change" }).kind, "end");
  assert.equal(decide(retrain, { cause: "nulls" }).kind, "end");
  assert.equal(decide(retrain).kind, "wait");
  assert.equal(decide(retrain, { cause: "unknown" }).kind, "wait");
  assert.deepEqual(decide(retrain, { cause: "concept_shift" }), { kind: "request", step: 0 });
});

test("the next rung comes only when the one before is through", () => {
  const steps = [{ rung: "notify" }, { rung: "shift_traffic", after: "10m" }];
  assert.deepEqual(decide(steps), { kind: "request", step: 0 });
  assert.equal(decide(steps, { taken: [{ status: "running" }], afterMs: 20 * MINUTE_MS }).kind, "wait");
  assert.equal(decide(steps, { taken: [{ status: "succeeded" }] }).kind, "wait");
  const later = decide(steps, { taken: [{ status: "succeeded" }], afterMs: 10 * MINUTE_MS });
  assert.deepEqual(later, { kind: "request", step: 1 });
});

test("where a person said no or nobody knows what happened, nothing follows", () => {
  const steps = [{ rung: "shift_traffic" }, { rung: "roll_back" }];
  for (const status of ["rejected", "unknown", "undo_failed", "undo_unknown"] as const) {
    assert.equal(decide(steps, { taken: [{ status }] }).kind, "end", status);
    assert.equal(decide(steps, { earlier: [{ status }] }).kind, "end", `${status} before it opened again`);
  }
  for (const status of ["undone", "no_help", "helped", "failed"] as const) {
    assert.deepEqual(decide(steps, { taken: [{ status }] }), { kind: "request", step: 1 }, status);
    assert.deepEqual(decide(steps, { earlier: [{ status }] }), { kind: "request", step: 0 }, status);
  }
});

test("what was asked for in vain is asked for again, and a message that could not be sent holds nothing up", () => {
  const steps = [{ rung: "shift_traffic" }, { rung: "roll_back" }];
  for (const status of ["expired", "cancelled"] as const) {
    assert.deepEqual(decide(steps, { taken: [{ status }] }), { kind: "request", step: 0 }, status);
  }
  const calls = [{ rung: "notify" }, { rung: "notify" }];
  for (const status of ["expired", "unknown", "failed"] as const) {
    assert.deepEqual(decide(calls, { taken: [{ status }] }), { kind: "request", step: 1 }, status);
  }
  assert.deepEqual(decide(calls, { taken: [{ status: "cancelled" }] }), { kind: "request", step: 0 });
});

test("nothing is changed before the processor has said what it knows, and people are told all the same", () => {
  const steps = [{ rung: "notify" }, { rung: "shift_traffic" }];
  const taken = [{ status: "succeeded" as const }];
  assert.equal(decide(steps, { isAnswered: false }).kind, "request");
  assert.equal(decide(steps, { taken, isAnswered: false }).kind, "wait");
  assert.equal(decide(steps, { taken }).kind, "request");
  const guarded = [{ rung: "shift_traffic", unlessCause: ["silence"] }];
  assert.equal(decide(guarded).kind, "wait", "nobody knows whether it is silence");
  assert.equal(decide(guarded, { cause: "silence" }).kind, "end");
  assert.equal(decide(guarded, { cause: "unknown" }).kind, "request");
});

test("nobody is asked for what could not start", () => {
  assert.deepEqual(decide([{ rung: "shift_traffic" }], { startWait: "it is cooling down" }), {
    kind: "wait",
    step: 0,
    reason: "it is cooling down",
  });
});

test("the next person is called only while nobody looks after the case", () => {
  const steps = [{ rung: "notify" }, { rung: "notify", after: "15m", unlessAcknowledged: true }];
  const taken = [{ status: "succeeded" as const }];
  const afterMs = 15 * MINUTE_MS;
  assert.deepEqual(decide(steps, { taken, afterMs }), { kind: "request", step: 1 });
  assert.equal(decide(steps, { taken, afterMs, acknowledgedMs: OPENED }).kind, "end");
});

test("a step waits for the confidence that it asks for", () => {
  assert.equal(decide([{ rung: "notify", minimumConfidence: 0.6 }]).kind, "wait");
  assert.equal(decide([{ rung: "notify", minimumConfidence: 0.5 }]).kind, "request");
});

test("hours are of the zone's clock, and may pass midnight", () => {
  const at = Date.parse("2026-07-01T22:30:00Z");
  assert.ok(isWithinHours({ from: "22:00", to: "06:00", timeZone: "UTC" }, at));
  assert.ok(!isWithinHours({ from: "06:00", to: "22:00", timeZone: "UTC" }, at));
  // Half past midnight there.
  assert.ok(isWithinHours({ from: "00:00", to: "01:00", timeZone: "Europe/Berlin" }, at));
});

test("policies that cannot be meant are refused with their path", () => {
  const policy = (steps: unknown[]) => ({ actions: ACTIONS, policies: [{ name: "p", models: ["*"], steps }] });
  assert.throws(
    () => testConfig(policy([{ rung: "notify", action: "nothing" }])),
    /policies\[0\]\.steps\[0\]\.action: .*there is run/,
  );
  const falling = [
    { rung: "retrain", action: "run" },
    { rung: "notify", action: "run" },
  ];
  assert.throws(() => testConfig(policy(falling)), /at or above retrain/);
  const undo = [{ rung: "notify", action: "run", undo: true, verifyAfter: "1m" }];
  assert.throws(() => testConfig(policy(undo)), /nothing that takes it back/);
});
