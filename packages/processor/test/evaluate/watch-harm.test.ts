import assert from "node:assert/strict";
import { test } from "node:test";
import type { Measurement, Profile, ReferenceRisk } from "@tidemark/schema";
import { attr, metric } from "@tidemark/semconv";
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
  segments: [
    { name: "airport", value: "ATL", rows: 20_000, mean: 0.2, meanSquare: 0.2, rowsPerIndependent: 1 },
    { name: "airport", value: "LAX", rows: 20_000, mean: 0.2, meanSquare: 0.2, rowsPerIndependent: 1 },
  ],
};
const profile: Profile = { ...testProfile(), risk };
const config = testConfig({
  models: [{ name: "flight-delay", profile: "p.json", windows: ["24h", "7d"], segments: ["airport"] }],
}).models[0]!;
const model = { profile, config, configId: "sha256:c" } as unknown as MonitoredModel;

/** Days of 400 rows; from the twentieth on twice as many are wrong, and from the tenth on three times as many of Los Angeles. */
function dayOf(day: number): LossWindow {
  const mean = (day < 20 ? 0.2 : 0.4) + ((day % 3) - 1) * 0.01;
  const startMs = MONDAY_MS + day * DAY_MS;
  return {
    startMs,
    endMs: startMs + DAY_MS,
    mean,
    meanSquare: mean,
    rows: 400,
    effective: 400,
    maturity: 1,
    segments: [segmentOf("ATL", mean), segmentOf("LAX", day < 10 ? mean : 0.6)],
  };
}

function segmentOf(value: string, mean: number): LossWindow["segments"][number] {
  return { name: "airport", value, mean, meanSquare: mean, rows: 100, effective: 100 };
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

  async newestHarmMs() {
    return this.saved.size === 0
      ? null
      : Math.max(...[...this.saved.keys()].map((key) => Date.parse(key.slice(0, 24))));
  }

  async save(measurements: readonly Measurement[]) {
    this.writes += measurements.length;
    for (const each of measurements) this.saved.set(`${each.window.start} ${each.target.name}`, each);
  }

  verdicts() {
    return [...this.saved.values()]
      .map((measurement) => ({ ...measurement, revision: 0 }))
      .sort((a, b) => (`${a.window.start} ${a.target.name}` < `${b.window.start} ${b.target.name}` ? -1 : 1));
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
  const nineteenth = whole.verdicts().filter(({ window }) => Date.parse(window.start) === dayOf(19).startMs);
  assert.deepEqual(
    nineteenth.map(({ target, state, attributes }) => [target.name, state, attributes[attr.segmentValue]]),
    [
      ["harmful_shift", "ok", undefined],
      ["harmful_shift airport=ATL", "ok", "ATL"],
      ["harmful_shift airport=LAX", "critical", "LAX"],
    ],
  );

  const piecemeal = new MemoryStore();
  const start = () => createHarmWatch({ store: piecemeal, onHarmJudged: () => undefined });
  let watch = start();
  for (const day of ALL) {
    if (day === 15) watch = start();
    // The labels of every fifth day come three days late.
    const waits = { ...dayOf(day), mean: null, meanSquare: 0, rows: 0, effective: 0, maturity: 0, segments: [] };
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
  assert.equal(writes, 3 * DAYS);
  await watch(tasks([3, 17]));
  await watch(tasks([0], "7d"));
  const { risk: _risk, ...without } = profile;
  await watch(tasks([0]).map((task) => ({ ...task, model: { ...model, profile: without } as MonitoredModel })));
  assert.equal(store.writes, writes);
});

test("what is read for a window does not grow with history", async () => {
  const store = new MemoryStore();
  const read: number[] = [];
  const lossesFrom = store.lossesFrom.bind(store);
  store.lossesFrom = async (of, fromMs) => {
    const losses = await lossesFrom(of, fromMs);
    read.push(losses.length);
    return losses;
  };
  const watch = createHarmWatch({ store, onHarmJudged: () => undefined });
  for (let day = 0; day < 300; day++) {
    store.put(dayOf(day));
    await watch(tasks([day]));
  }
  assert.ok(Math.max(...read) <= 64, `${Math.max(...read)} windows`);
  await watch(tasks([150]));
  assert.ok(read.at(-1)! <= 150 + 32, "a window in the middle is judged again from the checkpoint before it");
});

test("in the store the losses are read by profile, and the verdicts are kept apart from the window's own", () =>
  withStore(async ({ store }) => {
    let nowMs = 1;
    const evaluation = createEvaluationStore(store, () => ++nowMs);
    const loss = (day: number, profileId: string, segment?: string): Measurement => {
      const { startMs, endMs, segments, ...whole } = dayOf(day);
      const { mean, meanSquare, rows } = segments.find(({ value }) => value === segment) ?? whole;
      return {
        ...sampleMeasurement({}),
        ...KEY,
        signal: "performance",
        metric: metric.performanceLoss,
        target: { kind: segment === undefined ? "prediction" : "segment", name: "zero_one_loss" },
        attributes: segment === undefined ? {} : { [attr.segmentName]: "airport", [attr.segmentValue]: segment },
        window: { name: "24h", start: new Date(startMs).toISOString(), end: new Date(endMs).toISOString() },
        value: mean,
        count: rows,
        effective: rows,
        evidence: { numbers: { meanSquare, maturity: 1 }, note: "", bins: null },
        profileId,
      };
    };
    const airports = [0, 1].flatMap((day) => ["LAX", "ATL"].map((airport) => loss(day, profile.id, airport)));
    await evaluation.save([...airports, loss(1, profile.id), loss(0, profile.id), loss(2, "sha256:other")]);
    const of = { key: KEY, windowName: "24h", profileId: profile.id };
    assert.deepEqual(await evaluation.lossesFrom(of, 0), [dayOf(0), dayOf(1)]);
    assert.deepEqual(await evaluation.lossesFrom(of, dayOf(1).startMs), [dayOf(1)]);
    await createHarmWatch({ store: evaluation, onHarmJudged: () => undefined })(tasks([0, 1]));
    assert.equal((await evaluation.harmFrom(KEY, "24h", 0)).length, 6);
    assert.equal(await evaluation.newestHarmMs(KEY, "24h"), dayOf(1).startMs);
    const own = await evaluation.measurementsOf(KEY, tasks([0])[0]!.window);
    assert.equal(own.length, 3);
    assert.ok(!own.some(isHarm));
  }));
