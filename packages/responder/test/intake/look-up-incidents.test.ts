import assert from "node:assert/strict";
import { test } from "node:test";
import type { Explanation, Incident } from "@tidemark/schema";
import { createFindExamples, type FindExamples } from "../../src/intake/find-examples.ts";
import { lookUpIncidents } from "../../src/intake/look-up-incidents.ts";
import type { Case } from "../../src/state/cases.ts";
import { testCase } from "../support.ts";

const OPENED = Date.parse("2026-11-25T12:00:00Z");

/** An incident of hourly windows whose last one ends at a time. */
function incident(id: string, lastEnd: string, change: Partial<Incident> & { now?: string } = {}): Incident {
  const { now = "critical", ...rest } = change;
  const end = new Date(lastEnd);
  const window = { start: new Date(end.getTime() - 3_600_000).toISOString(), end: end.toISOString() };
  return {
    id,
    signal: "drift",
    target: { kind: "feature", name: "distance" },
    state: "critical",
    open: false,
    firstCause: { kind: "nulls", target: "distance", explanation: "" },
    windows: [{ window, state: now, evidence: { numbers: {}, note: "", bins: null } }],
    ...rest,
  } as unknown as Incident;
}

async function view(
  incidents: readonly Incident[],
  change: Partial<Case> = {},
  findExamples: FindExamples = async () => [],
) {
  const found = testCase({ openedMs: OPENED, ...change });
  const read = async () => [...incidents];
  return (await lookUpIncidents(read, findExamples)([found], AbortSignal.timeout(1_000))).get(found.id);
}

test("an incident that had ended before the case began is another trouble", async () => {
  assert.equal(await view([incident("old", "2026-11-25T08:00:00Z")]), undefined);
  assert.equal((await view([incident("its own", "2026-11-25T11:00:00Z")]))?.incident, "its own");
});

test("an open incident comes before any that has ended, and the case's own before one that might be", async () => {
  const [past, own, open] = [
    incident("past", "2026-11-25T12:00:00Z"),
    incident("own", "2026-11-25T09:00:00Z"),
    incident("open", "2026-11-25T11:00:00Z", { open: true }),
  ];
  assert.equal((await view([past, own, open], { incident: "own" }))?.incident, "open");
  assert.equal((await view([past, own], { incident: "own" }))?.incident, "own");
  assert.equal((await view([past, own]))?.incident, "past");
});

test("the state is of now: ok once the incident has ended, and no worse than its newest window", async () => {
  assert.equal((await view([incident("i", "2026-11-25T12:00:00Z")]))?.state, "ok");
  const calmer = incident("i", "2026-11-25T12:00:00Z", { open: true, now: "warning" });
  assert.equal((await view([calmer]))?.state, "warning");
});

test("what is of another target or signal is not looked at", async () => {
  const other = incident("i", "2026-11-25T12:00:00Z", { open: true, signal: "service" });
  assert.equal(await view([other]), undefined);
});

test("predictions that show it come with their traces, are asked for once, and are kept", async () => {
  const critical = incident("i", "2026-11-25T12:00:00Z", { open: true });
  const { window } = critical.windows[0]!;
  const examples = [{ id: "p1", traceId: "4bf92f3577b34da6a3ce929d0e0e4736" }];
  const explained = { window: { ...window, name: undefined }, examples } as unknown as Explanation;
  const other = { window: { ...window, start: "2026-11-24T00:00:00Z" }, examples: [{ id: "no", traceId: "" }] };
  let [asked, nowMs, known] = [0, 0, [] as Explanation[]];
  const find = createFindExamples(
    async () => {
      asked++;
      return known;
    },
    () => nowMs,
  );
  assert.equal((await view([critical], {}, find))?.evidence["examples"], undefined);
  known = [other as unknown as Explanation, explained];
  await view([critical], {}, find);
  assert.equal(asked, 1, "not again at once");
  nowMs += 60_000;
  const found = (await view([critical], {}, find))!;
  assert.deepEqual(found.evidence["examples"], examples);
  nowMs += 60_000;
  const again = await view([critical], { incident: "i", evidence: found.evidence }, find);
  assert.deepEqual([again?.evidence["examples"], asked], [examples, 2]);
});

test("without an explanation the incident is told all the same", async () => {
  const away = createFindExamples(
    () => Promise.reject(new Error("away")),
    () => 0,
  );
  const found = await view([incident("i", "2026-11-25T12:00:00Z", { open: true })], {}, away);
  assert.equal(found?.incident, "i");
});
