import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import type { Incident } from "@tidemark/schema";
import { pino } from "pino";
import type { EngineParts } from "../../src/engine/engine-parts.ts";
import { createLease } from "../../src/state/lease.ts";
import { openResponderState } from "../../src/state/responder-state.ts";
import { startIncidentWatch } from "../../src/watch/start-incident-watch.ts";
import { testConfig } from "../support.ts";

const window = { start: "2026-11-25T11:00:00Z", end: "2026-11-25T12:00:00Z" };
const INCIDENT = {
  id: "i1",
  model: "flight-delay",
  version: "1",
  signal: "drift",
  target: { kind: "feature", name: "distance" },
  state: "critical",
  open: true,
  firstCause: { kind: "nulls", target: "distance", explanation: "" },
  windows: [{ window }],
} as unknown as Incident;

function watch(isHolder: boolean, read: () => Promise<Incident[]>) {
  const state = openResponderState(":memory:");
  const parts: EngineParts = {
    state,
    config: testConfig({ watch: { incidents: { every: "5ms" } } }),
    directory: "/",
    lease: createLease(state.database, "one", 60_000),
    now: Date.now,
    reach: () => Promise.reject(new Error("nothing is reached")),
    lookUp: async () => new Map(),
    verdictsSince: async () => [{ version: "1", state: "ok" }],
    onChange() {},
  };
  const events = new EventTarget();
  const wake = () => void events.dispatchEvent(new Event("woken"));
  const logger = pino({ enabled: false });
  return { state, events, watching: startIncidentWatch(parts, { read, isHolder: () => isHolder, wake, logger }) };
}

test("what the processor says opens a case, after it could not be asked too", async () => {
  let asked = 0;
  const { state, events, watching } = watch(true, async () => {
    if (++asked === 1) throw new Error("the processor does not answer");
    return [INCIDENT];
  });
  await once(events, "woken");
  await watching.stop();
  assert.deepEqual(
    state.cases.list().map(({ target, source }) => [target, source]),
    [["distance", "tidemark"]],
  );
});

test("only the holder of the lease asks", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const asked: boolean[] = [];
  for (const isHolder of [true, false]) {
    const { watching } = watch(isHolder, async () => {
      asked.push(isHolder);
      return [];
    });
    t.mock.timers.tick(5);
    await watching.stop();
  }
  assert.deepEqual(asked, [true]);
});
