import assert from "node:assert/strict";
import { test } from "node:test";
import type { Measurement, Profile, ReferenceRisk } from "@tidemark/schema";
import { metric } from "@tidemark/semconv";
import type { LossWindow } from "@tidemark/signals";
import { createEvaluationStore } from "../../src/evaluate/stored-evaluation.ts";
import { createHarmWatch, type HarmStore, isHarm } from "../../src/evaluate/watch-harm.ts";
import type { MonitoredModel } from "../../src/pipeline/monitored-models.ts";
import { testConfig } from "../service/start-test-processor.ts";
import { testProfile } from "../service/test-profile.ts";
import { withStore } from "../temporary-store.ts";
import { sampleMeasurement } from "./sample-measurement.ts";

const DAY_MS = 86_400_000;
const MONDAY_MS = Date.UTC(2001, 1, 5);
const KEY = { tenant: "default", model: "flight-delay", version: "1", role: "champion" as const };
const DAYS = 40;
const risk: ReferenceRisk = {
  loss: "zero_one",
  cap: 1,
  rows: 20_000,
  mean: 0.2,
  meanSquare: 0.2,
  rowsPerIndependent: 1,
};
const profile: Profile = { ...testProfile(), risk };
const config = testConfig({ models: [{ name: "flight-delay", profile: "p.json", windows: ["24h", "7d"] }] }).models[0]!;
const model = { profile, config, configId: "sha256:c" } as unknown as MonitoredModel;

/** Days of 400 rows; from the twentieth on twice as many are wrong. */
function dayOf(day: number): LossWindow {
  const mean = (day < 20 ? 0.2 : 0.4) + ((day % 3) - 1) * 0.01;
  const startMs = MONDAY_MS + day * DAY_MS;
  return { startMs, endMs: startMs + DAY_MS, mean, meanSquare: mean, rows: 400, effective: 400, maturity: 1 };
}

class MemoryStore implements HarmStore {
  readonly losses = new Map<number, LossWindow>();
  readonly saved = new Map<string, Measurement>();
  writes = 0;

  put(...windows: readonly LossWindow[]) {
    for (const window of windows) this.losses.set(window.startMs, window);
  }

  async lossesFrom(_of: unknown, fromMs: number) {
    return [...this.losses.values()].filter(({ startMs }) => startMs >= fromMs).sort((a, b) => a.startMs - b.startMs);
  }

  async harmFrom(_key: unknown, _name: string, fromMs: number) {
    return [...this.saved.values()].filter(({ window }) => Date.parse(window.start) >= fromMs);
  }

  async save(measurements: readonly Measurement[]) {
    this.writes += measurements.length;
    for (const measurement of measurements) this.saved.set(measurement.window.start, measurement);
  }

  verdicts() {
    return [...this.saved.values()]
      .map((measurement) => ({ ...measurement, revision: 0 }))
      .sort((a, b) => (a.window.start < b.window.start ? -1 : 1));
  }
}

function tasks(days: readonly number[], name = "24h") {
  return days.map((day) => {
    const startMs = MONDAY_MS + day * DAY_MS;
    return { model, key: KEY, window: { name, startMs, endMs: startMs + DAY_MS } };
  });
}

const ALL = Array.from({ length: DAYS }, (_, day) => day);

test("harm is told from the stored losses, whatever the order, restarts and late labels were", async () => {
  const whole = new MemoryStore();
  whole.put(...ALL.map(dayOf));
  const seen: string[] = [];
  await createHarmWatch({
    store: whole,
    onHarmJudged: (_key, _window, [measurement]) => seen.push(measurement!.state!),
  })(tasks(ALL));
  assert.equal(seen.length, DAYS);
  assert.deepEqual(seen.slice(0, 20), [...Array<string>(9).fill("insufficient_data"), ...Array<string>(11).fill("ok")]);
  assert.equal(seen.at(-1), "critical");

  const piecemeal = new MemoryStore();
  const start = () => createHarmWatch({ store: piecemeal, onHarmJudged: () => undefined });
  let watch = start();
  for (const day of ALL) {
    if (day === 15) watch = start();
    // The labels of every fifth day come three days late.
    const waits = { ...dayOf(day), mean: null, meanSquare: 0, rows: 0, effective: 0, maturity: 0 };
    piecemeal.put(day % 5 === 0 ? waits : dayOf(day));
    await watch(tasks([day]));
    if (day % 5 === 3) {
      piecemeal.put(dayOf(day - 3));
      await watch(tasks([day - 3]));
    }
  }
  await watch(tasks(ALL.slice(-1)));
  assert.deepEqual(piecemeal.verdicts(), whole.verdicts());
});

test("judged again without a change nothing is written; longer windows and models without a risk are left alone", async () => {
  const store = new MemoryStore();
  store.put(...ALL.map(dayOf));
  const watch = createHarmWatch({ store, onHarmJudged: () => undefined });
  await watch(tasks(ALL));
  const { writes } = store;
  assert.equal(writes, DAYS);
  await watch(tasks([3, 17]));
  await watch(tasks([0], "7d"));
  const { risk: _risk, ...without } = profile;
  await watch(tasks([0]).map((task) => ({ ...task, model: { ...model, profile: without } as MonitoredModel })));
  assert.equal(store.writes, writes);
});

test("in the store the losses are read by profile, and the verdicts are kept apart from the window's own", () =>
  withStore(async ({ store }) => {
    let nowMs = 1;
    const evaluation = createEvaluationStore(store, () => ++nowMs);
    const loss = (day: number, profileId: string): Measurement => {
      const { startMs, endMs, mean, meanSquare, rows } = dayOf(day);
      return {
        ...sampleMeasurement({}),
        ...KEY,
        signal: "performance",
        metric: metric.performanceLoss,
        target: { kind: "prediction", name: "zero_one_loss" },
        attributes: {},
        window: { name: "24h", start: new Date(startMs).toISOString(), end: new Date(endMs).toISOString() },
        value: mean,
        count: rows,
        effective: rows,
        evidence: { numbers: { meanSquare, maturity: 1 }, note: "", bins: null },
        profileId,
      };
    };
    await evaluation.save([loss(1, profile.id), loss(0, profile.id), loss(2, "sha256:other")]);
    const of = { key: KEY, windowName: "24h", profileId: profile.id };
    assert.deepEqual(await evaluation.lossesFrom(of, 0), [dayOf(0), dayOf(1)]);
    assert.deepEqual(await evaluation.lossesFrom(of, dayOf(1).startMs), [dayOf(1)]);
    await createHarmWatch({ store: evaluation, onHarmJudged: () => undefined })(tasks([0, 1]));
    assert.equal((await evaluation.harmFrom(KEY, "24h", 0)).length, 2);
    const own = await evaluation.measurementsOf(KEY, tasks([0])[0]!.window);
    assert.equal(own.length, 1);
    assert.ok(!own.some(isHarm));
  }));
