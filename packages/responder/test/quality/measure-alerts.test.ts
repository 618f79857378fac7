import assert from "node:assert/strict";
import { test } from "node:test";
import { measureAlertQuality } from "../../src/quality/measure-alert-quality.ts";
import { findRedundantAlerts } from "../../src/quality/measure-alert-use.ts";
import type { Action, ActionStatus } from "../../src/state/actions.ts";
import { openResponderState } from "../../src/state/responder-state.ts";
import { testAction, testCase } from "../support.ts";

const MINUTE_MS = 60_000;
const SPAN = { fromMs: 0, toMs: 1_000 * MINUTE_MS };

/** Cases of an alert that opened at minutes, of one version. */
function casesOf(state: ReturnType<typeof openResponderState>, alert: string, minutes: number[], version = "1"): void {
  for (const minute of minutes) {
    const atMs = minute * MINUTE_MS;
    const times = { openedMs: atMs, sinceMs: atMs, detectedMs: atMs };
    state.cases.insert(testCase({ id: `${alert} ${version} ${minute}`, alert, version, ...times }));
  }
}

test("two alerts that always fire together are named, each case paired with one other", () => {
  const state = openResponderState(":memory:");
  casesOf(state, "A", [0, 100, 200, 300, 400]);
  casesOf(state, "B", [10, 110, 210, 310, 410]);
  const [pair, ...rest] = findRedundantAlerts(state, SPAN);
  assert.deepEqual([pair?.together, pair?.either, rest.length], [5, 5, 0]);
});

test("one case that stands beside several of another alert is together with one of them", () => {
  const state = openResponderState(":memory:");
  casesOf(state, "A", [0, 3, 6, 9, 12]);
  casesOf(state, "B", [6]);
  assert.deepEqual(findRedundantAlerts(state, SPAN), []);
});

test("cases of two versions are not one trouble, though they come together", () => {
  const state = openResponderState(":memory:");
  casesOf(state, "A", [0, 100, 200, 300, 400], "1");
  casesOf(state, "B", [0, 100, 200, 300, 400], "2");
  assert.deepEqual(findRedundantAlerts(state, SPAN), []);
});

test("only what was taken back counts as taken back, and an acknowledgement from its own opening on", () => {
  const state = openResponderState(":memory:");
  state.cases.insert(testCase({ openedMs: 0, detectedMs: 1_000, sinceMs: 50_000, acknowledgedMs: 80_000 }));
  for (const [index, status] of (["undone", "undo_failed", "undo_unknown", "helped"] as ActionStatus[]).entries()) {
    const action: Action = testAction({ id: `a${index}`, rung: "shift_traffic", status });
    state.actions.insert(action);
  }
  const { undone, medianSecondsToAcknowledge } = measureAlertQuality(state, SPAN);
  assert.deepEqual([undone?.value, undone?.of], [0.25, 4]);
  assert.equal(medianSecondsToAcknowledge, 30);
});
