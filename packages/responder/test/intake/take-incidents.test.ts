import assert from "node:assert/strict";
import { test } from "node:test";
import type { Incident } from "@tidemark/schema";
import { takeIncidents } from "../../src/intake/take-incidents.ts";
import { openResponderState } from "../../src/state/responder-state.ts";

const HOUR_MS = 3_600_000;
const NOW = 10 * HOUR_MS;

function incident(change: Partial<Incident> = {}): Incident {
  const at = (hour: number) => new Date(hour * HOUR_MS).toISOString();
  return {
    id: "i1",
    model: "flight-delay",
    version: "2",
    signal: "performance",
    target: { kind: "prediction", name: "accuracy" },
    state: "critical",
    open: true,
    firstCause: { kind: "concept_shift", target: "accuracy", explanation: "the rule has changed" },
    windows: [{ window: { start: at(7), end: at(8) } }, { window: { start: at(8), end: at(9) } }],
    ...change,
  } as unknown as Incident;
}

function take(...looks: readonly (readonly Incident[])[]) {
  const state = openResponderState(":memory:");
  const taken = looks.map((incidents) => takeIncidents(state, incidents, { states: ["critical"], nowMs: NOW }));
  return { state, taken, cases: state.cases.list() };
}

test("an open incident is a case from its beginning on, once, and its end closes it", () => {
  const { cases, taken } = take([incident()], [incident()]);
  assert.deepEqual(
    taken.map(({ opened }) => opened),
    [1, 0],
  );
  const { model, version, signal, target, severity, openedMs, closedMs, source } = cases[0]!;
  assert.deepEqual(
    [model, version, signal, target, severity, openedMs / HOUR_MS, closedMs, source],
    ["flight-delay", "2", "performance", "accuracy", "critical", 7, null, "tidemark"],
  );
  const ended = take([incident()], [incident({ open: false })]);
  assert.equal(ended.cases[0]?.closedMs, 9 * HOUR_MS);
});

test("what is milder, or was over before it was seen, opens nothing and is not remembered", () => {
  const { state, cases } = take([incident({ state: "warning" }), incident({ id: "i2", open: false })]);
  assert.deepEqual(cases, []);
  assert.deepEqual(state.database.all("SELECT * FROM early_resolve"), []);
});
