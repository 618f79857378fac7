import assert from "node:assert/strict";
import { test } from "node:test";
import { takeAlerts } from "../../src/intake/take-alerts.ts";
import { openResponderState } from "../../src/state/responder-state.ts";
import { alertUpdate } from "../support.ts";

const NOW = 2_000_000;
const HOUR_MS = 3_600_000;

function take(updates: Parameters<typeof alertUpdate>[0][], nowMs = NOW, state = openResponderState(":memory:")) {
  const taken = updates.map((update) => takeAlerts(state, [alertUpdate(update)], "alertmanager", nowMs));
  return { state, taken };
}

test("a repeated alert changes nothing", () => {
  const { state, taken } = take([{}, {}]);
  assert.deepEqual(taken, [
    { changed: 1, opened: 1, closed: 0 },
    { changed: 0, opened: 0, closed: 0 },
  ]);
  assert.equal(state.cases.list().length, 1);
});

test("a firing that comes after its own end does not open the case again", () => {
  const { state } = take([{}, { isFiring: false, endsMs: 1_500_000 }, {}]);
  assert.equal(state.cases.list()[0]!.closedMs, 1_500_000);
});

test("a case stays open while another of its alerts fires", () => {
  const { state } = take([{}, { fingerprint: "f2" }, { isFiring: false }]);
  assert.equal(state.cases.list({ open: true }).length, 1);
  takeAlerts(state, [alertUpdate({ fingerprint: "f2", isFiring: false })], "alertmanager", NOW);
  assert.equal(state.cases.list({ open: true }).length, 0);
});

test("the same trouble within an hour opens its case again, later it is a new one", () => {
  const { state } = take([{}, { isFiring: false, endsMs: NOW }]);
  takeAlerts(state, [alertUpdate({ startsMs: NOW })], "alertmanager", NOW + HOUR_MS / 2);
  assert.deepEqual(
    state.cases.list().map(({ closedMs, reopened }) => [closedMs, reopened]),
    [[null, 1]],
  );
  const end = NOW + HOUR_MS / 2;
  takeAlerts(state, [alertUpdate({ startsMs: NOW, isFiring: false, endsMs: end })], "alertmanager", end);
  takeAlerts(state, [alertUpdate({ startsMs: end + 2 * HOUR_MS })], "alertmanager", end + 2 * HOUR_MS);
  assert.equal(state.cases.list().length, 2);
});

test("an end that comes before its beginning closes the case when that comes", () => {
  const { state, taken } = take([{ isFiring: false, endsMs: 1_500_000 }, {}, {}]);
  assert.deepEqual(taken, [
    { changed: 0, opened: 0, closed: 0 },
    { changed: 1, opened: 1, closed: 1 },
    { changed: 0, opened: 0, closed: 0 },
  ]);
  assert.equal(state.cases.list()[0]!.closedMs, 1_500_000);
  takeAlerts(state, [alertUpdate({ startsMs: 1_600_000 })], "alertmanager", NOW);
  assert.equal(state.cases.list({ open: true }).length, 1, "its next beginning is another");
});

test("an early end of an earlier start does not close a later one, and what is kept of them is bounded", () => {
  const { state } = take([{ isFiring: false, endsMs: 1_000_001 }, { startsMs: 1_500_000 }]);
  assert.equal(state.cases.list({ open: true }).length, 1);
  for (let index = 0; index < 3; index++) {
    const update = alertUpdate({ fingerprint: `other ${index}`, isFiring: false });
    takeAlerts(state, [update], "alertmanager", NOW + index * 41 * 24 * HOUR_MS);
  }
  assert.equal(state.database.all("SELECT * FROM early_resolve").length, 1);
});

test("a case tells since when it has fired without a break", () => {
  const { state } = take([{}, { isFiring: false, endsMs: 1_500_000 }]);
  assert.equal(state.cases.list()[0]!.sinceMs, 1_000_000);
  takeAlerts(state, [alertUpdate({ startsMs: 1_600_000 })], "alertmanager", NOW);
  const { openedMs, sinceMs } = state.cases.list()[0]!;
  assert.deepEqual([openedMs, sinceMs], [1_000_000, 1_600_000]);
});

test("the audit log cannot be changed or shortened", () => {
  const { state } = take([{}]);
  assert.equal(state.audit.list().length, 1);
  assert.throws(() => state.database.run("UPDATE audit SET actor = 'nobody'"), /only appended to/);
  assert.throws(() => state.database.run("DELETE FROM audit"), /only appended to/);
});
