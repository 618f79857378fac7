import assert from "node:assert/strict";
import { test } from "node:test";
import { createScheduledRuns } from "../../src/evaluate/scheduled-runs.ts";
import type { MonitoredModel } from "../../src/pipeline/monitored-models.ts";
import { testConfig } from "../service/start-test-processor.ts";
import { testProfile } from "../service/test-profile.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const LIVE = { mode: "live", allowedLatenessMs: 5 * MINUTE_MS } as const;
const SIX = Date.UTC(2026, 0, 5, 6);

function modelWith(schedule?: unknown): MonitoredModel {
  const [config] = testConfig({ models: [{ name: "flight-delay", profile: "profile.json", schedule }] }).models;
  return { config: config!, configId: "c", profile: testProfile(), features: new Set() };
}

function liveRuns(startMs: number) {
  const clock = { nowMs: startMs };
  const model = modelWith("0 6 * * *");
  return { clock, model, runs: createScheduledRuns(LIVE, () => clock.nowMs) };
}

test("a run is due once the watermark has passed its instant, and once only", () => {
  const { clock, model, runs } = liveRuns(SIX - HOUR_MS);
  runs.restore(model, SIX - DAY_MS + MINUTE_MS);
  assert.equal(runs.dueAt(model, SIX - 1), null);
  clock.nowMs = SIX + MINUTE_MS;
  assert.equal(runs.dueAt(model, SIX - 4 * MINUTE_MS), null, "windows up to it are still open");
  assert.equal(runs.dueAt(model, SIX), SIX);
  runs.made(model, SIX, clock.nowMs);
  assert.equal(runs.dueAt(model, SIX + HOUR_MS), null);
  assert.deepEqual(runs.state(model, SIX), {
    lastRunMs: SIX + MINUTE_MS,
    lastPlannedMs: SIX,
    nextRunMs: SIX + DAY_MS,
    overdueSeconds: 0,
    runs: { on_time: 1, late: 0, skipped: 0 },
  });
});

test("records ahead of the clock make no run early", () => {
  const { clock, model, runs } = liveRuns(SIX - MINUTE_MS);
  runs.restore(model, SIX - DAY_MS);
  assert.equal(runs.dueAt(model, SIX + HOUR_MS), null);
  clock.nowMs = SIX;
  assert.equal(runs.dueAt(model, SIX + HOUR_MS), SIX);
});

test("what was missed while the process was down is one run, told as late with what it stands for", () => {
  const { clock, model, runs } = liveRuns(SIX + 3 * DAY_MS + 2 * HOUR_MS);
  runs.restore(model, SIX + MINUTE_MS);
  const watermarkMs = clock.nowMs - 10 * MINUTE_MS;
  assert.equal(runs.state(model, watermarkMs)?.overdueSeconds, (2 * DAY_MS + 2 * HOUR_MS - 10 * MINUTE_MS) / 1000);
  assert.equal(runs.dueAt(model, watermarkMs), SIX + 3 * DAY_MS);
  runs.made(model, SIX + 3 * DAY_MS, clock.nowMs);
  assert.equal(runs.dueAt(model, watermarkMs), null);
  const state = runs.state(model, watermarkMs);
  assert.deepEqual(state?.runs, { on_time: 0, late: 1, skipped: 2 });
  assert.equal(state?.overdueSeconds, 0);
});

test("a run that was made before a restart is not made again, and a first start has missed nothing", () => {
  const { model, runs } = liveRuns(SIX + HOUR_MS);
  runs.restore(model, SIX + MINUTE_MS);
  assert.equal(runs.dueAt(model, SIX + 50 * MINUTE_MS), null);

  const first = liveRuns(SIX + HOUR_MS);
  first.runs.restore(first.model, null);
  assert.equal(first.runs.state(first.model, SIX)?.overdueSeconds, 0);
  assert.equal(first.runs.dueAt(first.model, SIX + 50 * MINUTE_MS), SIX);
  first.runs.made(first.model, SIX, first.clock.nowMs);
  assert.deepEqual(first.runs.state(first.model, SIX)?.runs, { on_time: 1, late: 0, skipped: 0 });
});

test("an instant that comes while a run is held up has a run of its own, also after a restart", () => {
  const { clock, model, runs } = liveRuns(SIX + MINUTE_MS);
  runs.restore(model, SIX - DAY_MS);
  // The run of six o'clock could be made a day and three minutes late only, before the watermark passed the next instant.
  clock.nowMs = SIX + DAY_MS + 3 * MINUTE_MS;
  assert.equal(runs.dueAt(model, clock.nowMs - 5 * MINUTE_MS), SIX);
  runs.made(model, SIX, clock.nowMs);
  assert.deepEqual(runs.state(model, clock.nowMs)?.runs, { on_time: 0, late: 1, skipped: 0 });
  const again = createScheduledRuns(LIVE, () => clock.nowMs);
  again.restore(model, SIX);
  clock.nowMs += 2 * MINUTE_MS;
  for (const each of [runs, again]) {
    assert.equal(each.dueAt(model, clock.nowMs - 5 * MINUTE_MS), SIX + DAY_MS);
    each.made(model, SIX + DAY_MS, clock.nowMs);
    assert.equal(each.dueAt(model, clock.nowMs), null);
    assert.equal(each.state(model, clock.nowMs)?.runs.on_time, 1);
  }
});

test("runs that follow each other faster than the wait for late records are all made", () => {
  const model = modelWith("* * * * *");
  const clock = { nowMs: SIX };
  const runs = createScheduledRuns(LIVE, () => clock.nowMs);
  for (let minute = 0; minute < 30; minute++, clock.nowMs += MINUTE_MS) {
    const dueMs = runs.dueAt(model, clock.nowMs - 5 * MINUTE_MS);
    assert.equal(dueMs, clock.nowMs - 5 * MINUTE_MS);
    runs.made(model, dueMs!, clock.nowMs);
  }
  assert.deepEqual(runs.state(model, clock.nowMs)?.runs, { on_time: 30, late: 0, skipped: 0 });
});

test("the night in which clocks are put forward or back has one run, whatever restarts come in it", () => {
  const rows: [cron: string, timeZone: string, from: string, want: string[]][] = [
    ["30 2 * * *", "Europe/Berlin", "2026-03-28T20:00Z", ["2026-03-29T01:00", "2026-03-30T00:30"]],
    ["30 2 * * *", "Europe/Berlin", "2026-10-24T20:00Z", ["2026-10-25T00:30", "2026-10-26T01:30"]],
    ["30 1 * * *", "America/New_York", "2026-10-31T20:00Z", ["2026-11-01T05:30", "2026-11-02T06:30"]],
  ];
  for (const [cron, timeZone, from, want] of rows) {
    const clock = { nowMs: Date.parse(from) };
    const model = modelWith({ cron, timeZone });
    let runs = createScheduledRuns(LIVE, () => clock.nowMs);
    const made: string[] = [];
    runs.restore(model, clock.nowMs);
    for (let tick = 0; tick < 36 * 12; tick++, clock.nowMs += 5 * MINUTE_MS) {
      const dueMs = runs.dueAt(model, clock.nowMs);
      if (dueMs === null) continue;
      made.push(new Date(dueMs).toISOString().slice(0, 16));
      runs.made(model, dueMs, clock.nowMs);
      // A restart within the hour that comes twice does not run it twice.
      runs = createScheduledRuns(LIVE, () => clock.nowMs);
      runs.restore(model, dueMs);
    }
    assert.deepEqual(made, want, `${cron} ${timeZone}`);
  }
});

test("a run that the store keeps from being made is overdue from when it could have been", () => {
  const { clock, model, runs } = liveRuns(SIX - HOUR_MS);
  runs.restore(model, SIX - DAY_MS + MINUTE_MS);
  clock.nowMs = SIX + 10 * MINUTE_MS;
  assert.equal(runs.state(model, SIX)?.overdueSeconds, 0);
  clock.nowMs = SIX + 40 * MINUTE_MS;
  assert.equal(runs.state(model, SIX)?.overdueSeconds, 30 * 60);
});

test("windows ought to be judged up to the last instant; without a schedule up to the watermark", () => {
  const { clock, model, runs } = liveRuns(SIX + HOUR_MS);
  assert.equal(runs.boundOf(model, clock.nowMs - MINUTE_MS), SIX);
  assert.equal(runs.boundOf(modelWith(), clock.nowMs - MINUTE_MS), clock.nowMs - MINUTE_MS);
  assert.equal(runs.state(modelWith(), clock.nowMs), null);
});

test("a replay runs by event time", () => {
  const model = modelWith("0 6 * * *");
  const runs = createScheduledRuns({ ...LIVE, mode: "replay" }, () => Date.UTC(2030, 0, 1));
  assert.equal(runs.dueAt(model, SIX + HOUR_MS), SIX);
  runs.made(model, SIX, Date.UTC(2030, 0, 1));
  assert.equal(runs.dueAt(model, SIX + HOUR_MS), null);
  assert.equal(runs.dueAt(model, SIX + 9 * DAY_MS), SIX + 9 * DAY_MS);
  assert.equal(runs.state(model, SIX + HOUR_MS)?.nextRunMs, SIX + DAY_MS);
  assert.equal(runs.state(model, Number.POSITIVE_INFINITY)?.nextRunMs, null);
});
