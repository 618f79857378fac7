import assert from "node:assert/strict";
import { test } from "node:test";
import type { EngineParts } from "../../src/engine/engine-parts.ts";
import { createLease } from "../../src/state/lease.ts";
import { openResponderState } from "../../src/state/responder-state.ts";
import { noteHeartbeat, watchHeartbeat } from "../../src/watch/heartbeat.ts";
import { testConfig } from "../support.ts";

const MINUTE_MS = 60_000;

function watch(watched: Record<string, unknown>) {
  let nowMs = 1_000_000;
  const state = openResponderState(":memory:");
  const parts: EngineParts = {
    state,
    config: testConfig({ watch: watched }),
    directory: "/",
    lease: createLease(state.database, "one", 15 * MINUTE_MS),
    now: () => nowMs,
    reach: async () => assert.fail("no network"),
    lookUp: async () => new Map(),
    verdictsSince: async () => [{ version: "1", state: "ok" }],
    onChange() {},
  };
  const open = () => state.cases.list({ open: true }).map(({ model, alert, target }) => [model, alert, target]);
  parts.lease.hold(nowMs);
  return {
    state,
    parts,
    open,
    pass: (minutes: number) => {
      nowMs += minutes * MINUTE_MS;
      parts.lease.hold(nowMs);
    },
  };
}

test("a heartbeat that stays away is one case, and its return closes it", () => {
  const { state, parts, open, pass } = watch({ heartbeat: { within: "10m" } });
  watchHeartbeat(parts);
  pass(10);
  watchHeartbeat(parts);
  assert.deepEqual(open(), [], "the first one may take as long as any other");
  pass(1);
  watchHeartbeat(parts);
  watchHeartbeat(parts);
  assert.deepEqual(open(), [["tidemark", "TidemarkHeartbeatLost", "alerting"]]);
  const { annotations } = state.cases.list()[0]!.evidence as { annotations: { summary: string } };
  assert.match(annotations.summary, /no TidemarkHeartbeat for 660 s/);

  noteHeartbeat(parts);
  watchHeartbeat(parts);
  assert.deepEqual(open(), []);
  pass(11);
  watchHeartbeat(parts);
  assert.equal(open().length, 1, "and it is watched on");
});

test("after a time in which no responder ran the heartbeat has its time again", () => {
  const { parts, open, pass } = watch({ heartbeat: { within: "10m" } });
  noteHeartbeat(parts);
  pass(60);
  watchHeartbeat(parts);
  assert.deepEqual(open(), [], "nobody was there to hear it");
  pass(11);
  watchHeartbeat(parts);
  assert.equal(open().length, 1);
});

test("without a configured heartbeat nothing is expected", () => {
  const { parts, open, pass } = watch({});
  watchHeartbeat(parts);
  pass(10_000);
  watchHeartbeat(parts);
  assert.deepEqual(open(), []);
});
