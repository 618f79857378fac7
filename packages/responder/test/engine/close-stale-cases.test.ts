import assert from "node:assert/strict";
import { test } from "node:test";
import { advance } from "../../src/engine/advance.ts";
import type { EngineParts } from "../../src/engine/engine-parts.ts";
import { takeAlerts } from "../../src/intake/take-alerts.ts";
import { createLease } from "../../src/state/lease.ts";
import { openResponderState } from "../../src/state/responder-state.ts";
import { raiseSelfAlarm } from "../../src/watch/self-alarm.ts";
import { alertUpdate, testConfig } from "../support.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A responder with a lease of ten minutes, which takes alerts for over after two hours. */
function watch() {
  let nowMs = 100 * HOUR_MS;
  const state = openResponderState(":memory:");
  const parts: EngineParts = {
    state,
    config: testConfig({ alertStaleAfter: "2h" }),
    directory: "/",
    lease: createLease(state.database, "one", 10 * MINUTE_MS),
    now: () => nowMs,
    reach: () => Promise.reject(new Error("nothing is reached")),
    lookUp: async () => new Map(),
    verdictsSince: async () => [{ version: "1", state: "ok" }],
    onChange() {},
  };
  const take = (update: Parameters<typeof alertUpdate>[0] = {}) =>
    takeAlerts(state, [alertUpdate({ startsMs: 99 * HOUR_MS, ...update })], "alertmanager", nowMs);
  return {
    state,
    parts,
    take,
    /** Time with a round every five minutes. */
    async pass(minutes: number) {
      for (let passed = 0; passed < minutes; passed += 5) {
        nowMs += 5 * MINUTE_MS;
        await advance(parts);
      }
    },
    /** Time in which no responder runs. */
    sleep: (hours: number) => {
      nowMs += hours * HOUR_MS;
    },
    open: () => state.cases.list({ open: true }).length,
  };
}

test("an alert that is neither repeated nor resolved is over after the stated time, at its last message", async () => {
  const { state, take, pass, open } = watch();
  await pass(5);
  take();
  await pass(60);
  take();
  const lastMs = 100 * HOUR_MS + 65 * MINUTE_MS;
  await pass(120);
  assert.equal(open(), 1, "a repetition keeps it open");
  await pass(5);
  assert.equal(open(), 0);
  assert.equal(state.cases.list()[0]!.closedMs, lastMs);
  assert.match(JSON.stringify(state.audit.list().at(-1)!.detail), /its alert was not repeated/);

  take();
  assert.equal(open(), 1, "one that is told of again after all was not over");
  take({ isFiring: false });
  assert.equal(open(), 0);
});

test("after a time without a responder a repetition has its time: nobody was there to hear the last", async () => {
  const { take, pass, sleep, open } = watch();
  await pass(5);
  take();
  sleep(30);
  await pass(60);
  assert.equal(open(), 1);
  await pass(5);
  assert.equal(open(), 0);
});

test("what the responder itself raised stays until it takes it back", async () => {
  const { parts, pass, open } = watch();
  await pass(5);
  raiseSelfAlarm(parts, { name: "TidemarkCanaryLost", target: "pipeline", problem: "it is lost" });
  await pass(300);
  assert.equal(open(), 1);
});
