import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Measurement } from "@tidemark/schema";
import type { ProcessorStatus } from "../../src/index.ts";
import { logRequest, predictionRecord } from "./otlp-requests.ts";
import { startTestProcessor, type TestProcessor } from "./start-test-processor.ts";

const MINUTE_MS = 60_000;
const LIVE = {
  clock: { mode: "live" },
  models: [{ name: "flight-delay", profile: "profile.json", windows: ["10m"] }],
};

/** Volumes of the judged windows in order of time, once they are as expected; gives up after twenty seconds. */
async function volumesAre(processor: TestProcessor, expected: readonly number[]): Promise<Measurement[]> {
  let found: Measurement[] = [];
  for (let waitedMs = 0; waitedMs < 20_000; waitedMs += 100) {
    const path = "/v1/measurements?metric=ml.window.sample.count";
    found = (await processor.json<{ measurements: Measurement[] }>(path)).measurements;
    if (String(found.map((measurement) => measurement.value)) === String(expected)) return found;
    await sleep(100);
  }
  assert.fail(`expected ${expected}, found ${found.map((measurement) => measurement.value)}`);
}

test("live, a window is judged when the clock has left it behind, silence included", async (t) => {
  let nowMs = Date.UTC(2026, 0, 5, 12);
  const processor = await startTestProcessor(t, { config: LIVE, now: () => nowMs });
  const records = Array.from({ length: 60 }, (_, index) =>
    predictionRecord({ id: `l-${index}`, timeMs: nowMs - MINUTE_MS, score: 0.3, distance: 500, origin: "LAS" }),
  );
  assert.equal((await processor.post("/v1/logs", logRequest(records))).status, 200);
  nowMs += 10 * MINUTE_MS;
  await volumesAre(processor, [60]);
  nowMs += 20 * MINUTE_MS;
  await volumesAre(processor, [60, 0, 0]);
  const status = await processor.json<ProcessorStatus>("/v1/status");
  assert.equal(status.models[0]!.watermark, new Date(nowMs - 10 * MINUTE_MS).toISOString());
});

test("live, a late record has its window judged again without being asked to", async (t) => {
  let nowMs = Date.UTC(2026, 0, 5, 12);
  const processor = await startTestProcessor(t, { config: LIVE, now: () => nowMs });
  const record = (id: string) => predictionRecord({ id, timeMs: Date.UTC(2026, 0, 5, 11, 55), score: 0.3 });
  await processor.post("/v1/logs", logRequest([record("early")]));
  nowMs += 10 * MINUTE_MS;
  await volumesAre(processor, [1]);
  nowMs += MINUTE_MS;
  await processor.post("/v1/logs", logRequest([record("late")]));
  const [window] = await volumesAre(processor, [2]);
  assert.equal(window!.revision, 1);
});

test("live, records outside the accepted times are refused one by one, and there is no replay to end", async (t) => {
  const nowMs = Date.UTC(2026, 0, 5, 12);
  const processor = await startTestProcessor(t, { config: LIVE, now: () => nowMs });
  const at = (id: string, timeMs: number) => predictionRecord({ id, timeMs, score: 0.3 });
  const body = logRequest([
    at("old", nowMs - 41 * 24 * 60 * MINUTE_MS),
    at("new", nowMs),
    at("early", nowMs + 6 * MINUTE_MS),
  ]);
  const response = await processor.post("/v1/logs", body);
  const { partialSuccess } = (await response.json()) as { partialSuccess: Record<string, unknown> };
  assert.equal(Number(partialSuccess["rejectedLogRecords"]), 2);
  const replay = await processor.post("/v1/replay", '{"finish": true}');
  assert.equal(replay.status, 409);
});

test("live, with a schedule, windows wait for its run; runs missed while the processor was down are made up as one", async (t) => {
  let nowMs = Date.UTC(2026, 0, 5, 12);
  const [model] = LIVE.models;
  const config = { ...LIVE, models: [{ ...model, schedule: { cron: "30 6-22 * * *", timeZone: "Europe/Berlin" } }] };
  let processor = await startTestProcessor(t, { config, now: () => nowMs });
  /** The schedule's status once a run was made at the present time. */
  const afterRun = async () => {
    for (let waitedMs = 0; waitedMs < 20_000; waitedMs += 100) {
      const { schedule } = (await processor.json<ProcessorStatus>("/v1/status")).models[0] ?? {};
      if (schedule?.lastRun === new Date(nowMs).toISOString()) return schedule;
      await sleep(100);
    }
    assert.fail("no run was made");
  };
  const record = (id: string, timeMs: number) => predictionRecord({ id, timeMs, score: 0.3 });
  await processor.post("/v1/logs", logRequest([record("a", nowMs - MINUTE_MS)]));
  assert.equal((await afterRun()).nextRun, "2026-01-05T12:30:00.000Z");
  nowMs += 25 * MINUTE_MS;
  await processor.post("/v1/logs", logRequest([record("b", nowMs - 20 * MINUTE_MS)]));
  await volumesAre(processor, []);
  nowMs = Date.UTC(2026, 0, 5, 12, 45);
  await volumesAre(processor, [1, 1, 0, 0]);
  assert.deepEqual((await afterRun()).runs, { on_time: 2, late: 0, skipped: 0 });
  nowMs = Date.UTC(2026, 0, 5, 14, 55);
  processor = await processor.restart();
  await volumesAre(processor, [1, 1, ...Array.from({ length: 14 }, () => 0)]);
  const { lastRun: _, ...schedule } = await afterRun();
  assert.deepEqual(schedule, {
    ...{ cron: "30 6-22 * * *", timeZone: "Europe/Berlin", nextRun: "2026-01-05T15:30:00.000Z" },
    lastPlanned: "2026-01-05T14:30:00.000Z",
    ...{ overdueSeconds: 0, runs: { on_time: 0, late: 1, skipped: 1 } },
  });
  const metrics = await (await fetch(`${processor.url}/metrics`)).text();
  assert.match(metrics, /^tidemark_schedule_runs_total\{[^}]*tidemark_schedule_result="late"\} 1$/m);
  assert.match(metrics, /^tidemark_schedule_overdue_seconds\{ml_model_name="flight-delay"\} 0$/m);
});

test("live, a silence is told by what came in the same hour of the weeks before, and in the first weeks only how long it is", async (t) => {
  const startMs = Date.UTC(2026, 0, 5, 12);
  let nowMs = startMs;
  const models = [{ ...LIVE.models[0], windows: ["24h"] }];
  const processor = await startTestProcessor(t, { config: { ...LIVE, models }, now: () => nowMs });
  /** Ten minutes with a record each, sent at their end. */
  const send = async (fromMs: number) => {
    nowMs = fromMs + 10 * MINUTE_MS;
    const records = Array.from({ length: 10 }, (_, index) =>
      predictionRecord({ id: `${fromMs}-${index}`, timeMs: fromMs + index * MINUTE_MS, score: 0.3 }),
    );
    assert.equal((await processor.post("/v1/logs", logRequest(records))).status, 200);
  };
  /** What is said of the silence after so many minutes of it. */
  const silenceAfter = async (minutes: number) => {
    nowMs += (minutes - 1) * MINUTE_MS;
    for (let waitedMs = 0; waitedMs < 20_000; waitedMs += 100) {
      const { silence } = (await processor.json<ProcessorStatus>("/v1/status")).models[0]!;
      if (silence !== null) return silence;
      await sleep(100);
    }
    assert.fail("nothing is said of the silence");
  };
  for (const week of [0, 1, 2]) {
    for (const tenth of [0, 1, 2, 3]) await send(startMs + (week * 7 * 24 * 6 + tenth) * 10 * MINUTE_MS);
  }
  const first = await silenceAfter(15);
  assert.deepEqual([first.state, first.seconds, first.criticalAfterSeconds], ["insufficient_data", 900, null]);
  assert.doesNotMatch(await (await fetch(`${processor.url}/metrics`)).text(), /ml_data_age_limit_seconds\{/);
  await send(startMs + (3 * 7 * 24 * 6 + 1) * 10 * MINUTE_MS);
  const { note, ...silence } = await silenceAfter(15);
  const limits = { warningAfterSeconds: 660, criticalAfterSeconds: 1_260 };
  assert.deepEqual(silence, { seconds: 900, state: "warning", ...limits });
  assert.match(note, /the same hours of 3 weeks before/);
  const metrics = await (await fetch(`${processor.url}/metrics`)).text();
  assert.match(
    metrics,
    /^ml_data_age_limit_seconds\{ml_model_name="flight-delay",ml_monitor_state="critical"\} 1260$/m,
  );
});
