import assert from "node:assert/strict";
import { test } from "node:test";
import type { RUNGS } from "@tidemark/schema";
import fc from "fast-check";
import { advance } from "../../src/engine/advance.ts";
import { decideApproval } from "../../src/engine/decide-approval.ts";
import type { EngineParts } from "../../src/engine/engine-parts.ts";
import { takeAlerts } from "../../src/intake/take-alerts.ts";
import { createLease } from "../../src/state/lease.ts";
import { openResponderState } from "../../src/state/responder-state.ts";
import { alertUpdate, testConfig, tokenFolder } from "../support.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const MODELS = ["a", "b", "c"] as const;
const COOLDOWN_MS = 60 * MINUTE_MS;
const BUDGET = 2;
const MODELS_PER_HOUR = 2;
const PERSON = { name: "ada", roles: ["operations"], models: ["*"] } as const;

type Event =
  | { readonly kind: "alert"; readonly model: number; readonly target: number; readonly isFiring: boolean }
  | { readonly kind: "decide"; readonly approve: boolean }
  | { readonly kind: "kill"; readonly on: boolean }
  | { readonly kind: "wait"; readonly minutes: number };

const EVENT: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("alert" as const),
      model: fc.nat(2),
      target: fc.nat(3),
      isFiring: fc.integer({ min: 0, max: 9 }).map((draw) => draw < 8),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("decide" as const),
      approve: fc.integer({ min: 0, max: 9 }).map((draw) => draw < 8),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("wait" as const), minutes: fc.integer({ min: 1, max: 200 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("kill" as const), on: fc.boolean() }) },
);

function resource(change: Record<string, unknown>) {
  return {
    type: "kubernetes",
    server: "http://target.test",
    tokenFile: "hook.token",
    resource: "rollouts.argoproj.io",
    namespace: "models",
    name: "m",
    patch: { spec: { weight: 0 } },
    ...change,
  };
}

/** What a sequence of events led to: every start with its time, whether a person had approved, and the kill switch. */
async function play(events: readonly Event[], approvalAbove: (typeof RUNGS)[number], directory: string) {
  let nowMs = Date.parse("2026-11-25T00:00:00Z");
  let isKilled = false;
  const state = openResponderState(":memory:");
  const starts: {
    atMs: number;
    model: string;
    step: number;
    rung: string;
    isApproved: boolean;
    isKilled: boolean;
    isOwnEffect: boolean;
  }[] = [];
  const config = testConfig({
    approvalAbove,
    modelsPerHour: MODELS_PER_HOUR,
    actions: { tell: resource({}), shift: resource({ undo: { spec: { weight: 100 } } }) },
    policies: [
      {
        name: "p",
        models: ["*"],
        steps: [
          { rung: "notify", action: "tell", cooldown: "1m", budgetPerDay: 50 },
          {
            rung: "shift_traffic",
            action: "shift",
            cooldown: "1h",
            budgetPerDay: BUDGET,
            verifyAfter: "10m",
            undo: true,
          },
        ],
      },
    ],
  });
  const seen = new Set<string>();
  const parts: EngineParts = {
    state,
    config,
    directory,
    lease: createLease(state.database, "one", DAY_MS),
    now: () => nowMs,
    reach: async () => new Response(JSON.stringify({ spec: { weight: 0 } })),
    lookUp: async () => new Map(),
    verdictsSince: async () => [{ version: "1", state: "ok" }],
    onChange() {},
  };
  const note = () => {
    for (const action of state.actions.list()) {
      if (action.startedMs === null || seen.has(action.id)) continue;
      seen.add(action.id);
      const { startedMs: atMs, model, step, rung, actor, caseId } = action;
      const openedMs = state.cases.get(caseId)!.openedMs;
      const isOwnEffect = starts.some(
        (other) =>
          other.rung !== "notify" && other.model === model && other.atMs <= openedMs && other.atMs > openedMs - DAY_MS,
      );
      starts.push({ atMs, model, step, rung, isApproved: actor !== null, isKilled, isOwnEffect });
    }
  };
  for (const event of events) {
    nowMs += MINUTE_MS;
    if (event.kind === "wait") nowMs += event.minutes * MINUTE_MS;
    else if (event.kind === "kill") {
      isKilled = event.on;
      state.setKilled(event.on);
    } else if (event.kind === "decide") {
      const [waiting] = state.actions.list({ statuses: ["awaiting_approval"] });
      if (waiting !== undefined) {
        decideApproval(parts, { id: waiting.id, person: PERSON, approve: event.approve, reason: "drawn" });
      }
    } else {
      const [model, target] = [MODELS[event.model]!, `t${event.target}`];
      const fingerprint = `${model} ${target}`;
      const update = alertUpdate({ fingerprint, model, target, isFiring: event.isFiring, startsMs: nowMs });
      takeAlerts(state, [update], "alertmanager", nowMs);
    }
    await advance(parts);
    note();
  }
  state.database.close();
  return starts;
}

test("whatever comes in whatever order, no safeguard gives way", async (t) => {
  const directory = tokenFolder(t);
  let shifts = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(EVENT, { minLength: 20, maxLength: 60 }),
      fc.constantFrom<(typeof RUNGS)[number]>("notify", "retrain"),
      async (events, approvalAbove) => {
        const starts = await play(events, approvalAbove, directory);
        const changes = starts.filter(({ rung }) => rung !== "notify");
        shifts += changes.length;
        for (const [index, change] of changes.entries()) {
          const earlier = changes.slice(0, index);
          const since = (ms: number) => earlier.filter(({ atMs }) => atMs > change.atMs - ms);
          assert.ok(!change.isKilled, "nothing starts while the kill switch is on");
          assert.ok(change.isApproved || approvalAbove === "retrain", "none above the rung starts without a person");
          assert.ok(change.isApproved || !change.isOwnEffect, "none answers by itself what may be its own effect");
          assert.ok(since(DAY_MS).length < BUDGET, "none past its budget");
          assert.ok(!since(COOLDOWN_MS).some(({ model }) => model === change.model), "none while it cools down");
          const touched = new Set([...since(COOLDOWN_MS), change].map(({ model }) => model));
          assert.ok(touched.size <= MODELS_PER_HOUR, "none beyond the blast radius");
        }
      },
    ),
    { numRuns: 300 },
  );
  assert.ok(shifts > 100, `only ${shifts} changes were started: the property was hardly tried`);
});
