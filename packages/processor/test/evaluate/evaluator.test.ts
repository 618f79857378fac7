import assert from "node:assert/strict";
import { test } from "node:test";
import type { Measurement, PredictionRecord } from "@tidemark/schema";
import type { Signal, WindowAggregate } from "@tidemark/signals";
import { createChangeNotes } from "../../src/evaluate/changed-windows.ts";
import type { EvaluationStore } from "../../src/evaluate/evaluation-store.ts";
import { createEvaluator, type Evaluator } from "../../src/evaluate/evaluator.ts";
import { createEventTimes, type EventTimes } from "../../src/pipeline/event-times.ts";
import { createMonitoredModels, type MonitoredModel } from "../../src/pipeline/monitored-models.ts";
import { testConfig } from "../service/start-test-processor.ts";
import { testProfile } from "../service/test-profile.ts";

const HOUR_MS = 3_600_000;
const MONDAY_MS = Date.UTC(2001, 1, 5);
const KEY = { tenant: "default", model: "flight-delay", version: "1", role: "champion" as const };

/** A store in memory whose only datum is the number of predictions by hour. */
class MemoryStore implements EvaluationStore {
  readonly counts = new Map<number, { count: number; receivedMs: number }>();
  /** Hours in which points of the process itself arrived. */
  readonly processHours: { version: string; role: typeof KEY.role; startMs: number; receivedMs: number }[] = [];
  readonly saved: Measurement[] = [];
  aggregations = 0;
  mark: number | null = null;
  failing = false;
  /** The passes that follow the judging of windows fail. */
  failingAfterwards = false;
  watched = 0;

  async aggregate({ key, window }: Parameters<EvaluationStore["aggregate"]>[0]): Promise<WindowAggregate> {
    this.aggregations++;
    const hours = [...this.counts].filter(([hourMs]) => hourMs >= window.startMs && hourMs < window.endMs);
    const predictions = hours.reduce((sum, [, { count }]) => sum + count, 0);
    return { ...key, window, predictions } as WindowAggregate;
  }

  async touchedSpans(_tenant: string, model: string, fromMs: number) {
    if (model !== KEY.model) return this.processHours.filter(({ receivedMs }) => receivedMs >= fromMs);
    return [...this.counts]
      .filter(([, { receivedMs }]) => receivedMs >= fromMs)
      .map(([startMs, { receivedMs }]) => ({ version: KEY.version, role: KEY.role, startMs, receivedMs }));
  }

  async measurementsOf(_key: typeof KEY, window: { name: string; startMs: number }) {
    const start = new Date(window.startMs).toISOString();
    const latest = this.saved.filter((row) => row.window.name === window.name && row.window.start === start);
    return latest.slice(-1);
  }

  async sample() {
    return { rows: [], total: 0 };
  }

  async isCritical() {
    return false;
  }

  async saveExplanation() {}

  /** No second model answers. */
  async pairedMinutes() {
    return [];
  }

  async savePairs() {}

  async pairsFrom() {
    return [];
  }

  async newestEnsembleMs() {
    return null;
  }
  async newestComparisonMs() {
    return null;
  }
  async comparisonsFrom() {
    return [];
  }

  /** No member answers. */
  async ensembleSums() {
    return null;
  }

  async saveEnsemble() {}

  async ensembleWindowsFrom() {
    return [];
  }

  async ensemblesFrom() {
    return [];
  }

  /** The test profile has no risk. */
  async lossesFrom() {
    return [];
  }

  async newestHarmMs() {
    return null;
  }

  async harmFrom() {
    return [];
  }

  /** No chart is configured. */
  async chartedFrom() {
    return [];
  }

  async chartsFrom() {
    return [];
  }

  /** The profile holds no estimation. */
  async estimationSample() {
    return null;
  }

  async estimatesAround() {
    return [];
  }

  async saveEstimates() {}

  async estimationsFrom() {
    return [];
  }

  /** No drift is judged here. */
  async saveLooks() {}

  async lookDigests() {
    if (this.failingAfterwards) throw new Error("the disk is full");
    this.watched++;
    return [];
  }

  async looksFrom() {
    return [];
  }

  async stateChains() {
    return [];
  }

  async stateOf() {
    return null;
  }

  async saveState() {}

  async streamVerdictsFrom() {
    return [];
  }

  async newestStreamVerdictMs() {
    return null;
  }

  async saveCounts() {}

  async countsAt() {
    return [];
  }

  async countedStarts() {
    return [];
  }

  async referenceVerdictsOf() {
    return [];
  }

  async newestReferenceVerdictMs() {
    return null;
  }

  async save(measurements: readonly Measurement[]) {
    if (this.failing) throw new Error("the disk is full");
    this.saved.push(...measurements);
  }

  async judgedStarts(_key: typeof KEY, name: string) {
    return this.saved.filter((row) => row.window.name === name).map((row) => Date.parse(row.window.start));
  }

  async readMark() {
    return this.mark;
  }

  async saveMark(_tenant: string, _model: string, receivedFromMs: number) {
    this.mark = receivedFromMs;
  }
}

const volume: Signal = {
  name: "data_quality",
  judge: ({ predictions }) => [
    {
      target: { kind: "dataset", name: "volume" },
      metric: "ml.window.sample.count",
      attributes: {},
      value: predictions,
      lower: null,
      upper: null,
      state: predictions === 0 ? "no_data" : "ok",
      threshold: null,
      evidence: { numbers: {}, note: "", bins: null },
      count: predictions,
      effective: predictions,
    },
  ],
};

const broken: Signal = {
  name: "drift",
  judge: () => {
    throw new Error("a defect");
  },
};

interface Bench {
  readonly store: MemoryStore;
  readonly evaluator: Evaluator;
  readonly eventTimes: EventTimes;
  readonly defects: string[];
  /** Time of arrival; moves on with every delivery. */
  nowMs: number;
  deliver(...hours: readonly number[]): void;
  /** Volume and revision by hour of the stored measurements, the latest of each. */
  volumes(): Record<number, [value: number | null, revision: number]>;
}

interface BenchOptions {
  readonly windows?: readonly string[];
  readonly schedule?: string;
  readonly mode?: "live" | "replay";
}

function createBench(
  store = new MemoryStore(),
  signals: readonly Signal[] = [volume],
  { schedule, mode = "replay", windows = ["1h"] }: BenchOptions = {},
): Bench {
  const eventTimes = createEventTimes();
  const defects: string[] = [];
  const config = testConfig({
    models: [{ name: KEY.model, profile: "profile.json", windows, schedule }],
  }).models[0]!;
  const model: MonitoredModel = { config, configId: "c", profile: testProfile(), features: new Set() };
  const bench: Bench = {
    store,
    eventTimes,
    defects,
    nowMs: 1_000,
    evaluator: createEvaluator({
      store,
      changes: createChangeNotes(),
      models: createMonitoredModels([model]),
      eventTimes,
      clock: { mode, allowedLatenessMs: 5 * 60_000 },
      judges: {
        signals,
        findFirstCause: () => null,
        streamLooks: null,
        windowCounts: null,
        onDefect: (signal) => void defects.push(signal),
      },
      now: () => bench.nowMs,
      visibleBefore: () => bench.nowMs,
      yieldToIngest: async () => undefined,
      onReferenceDrift: () => undefined,
      onWatched: () => undefined,
      onCompared: () => undefined,
      onHarmJudged: () => undefined,
      onEstimated: () => undefined,
      onCharted: () => undefined,
      onExplained: () => undefined,
      onEnsembleJudged: () => undefined,
      onReweighed: () => undefined,
      onJudged: () => undefined,
    }),
    deliver(...hours) {
      bench.nowMs += 1_000;
      for (const hour of hours) {
        const hourMs = MONDAY_MS + hour * HOUR_MS;
        const known = store.counts.get(hourMs)?.count ?? 0;
        store.counts.set(hourMs, { count: known + 1, receivedMs: bench.nowMs });
        eventTimes.see([{ ...KEY, timeUnixNano: BigInt(hourMs) * 1_000_000n } as PredictionRecord], []);
      }
      bench.nowMs += 1_000;
    },
    volumes: () =>
      Object.fromEntries(
        store.saved.map((row) => [(Date.parse(row.window.start) - MONDAY_MS) / HOUR_MS, [row.value, row.revision]]),
      ),
  };
  return bench;
}

test("windows are judged when the watermark passes them, the last at the end of the replay", async () => {
  const bench = createBench();
  bench.deliver(0, 2);
  assert.equal(await bench.evaluator.run({ late: false }), 1);
  assert.deepEqual(bench.volumes(), { 0: [1, 0] });
  bench.deliver(3);
  await bench.evaluator.run({ late: false });
  assert.deepEqual(bench.volumes(), { 0: [1, 0], 1: [0, 0] });
  bench.evaluator.finish();
  await bench.evaluator.run({ late: false });
  assert.deepEqual(bench.volumes(), { 0: [1, 0], 1: [0, 0], 2: [1, 0], 3: [1, 0] });
  assert.equal(await bench.evaluator.run({ late: true }), 0);
});

test("late records lead to a new judgement of their window, once", async () => {
  const bench = createBench();
  bench.deliver(0, 1, 2);
  bench.evaluator.finish();
  await bench.evaluator.run({ late: true });
  bench.deliver(1);
  assert.equal(await bench.evaluator.run({ late: false }), 0);
  assert.equal(await bench.evaluator.run({ late: true }), 1);
  assert.deepEqual(bench.volumes(), { 0: [1, 0], 1: [2, 1], 2: [1, 0] });
  assert.equal(await bench.evaluator.run({ late: true }), 0);
});

test("a late record leads to a new judgement of its own window among those of its hour", async () => {
  const bench = createBench(new MemoryStore(), [volume], { windows: ["15m"] });
  bench.deliver(0, 0.25, 0.5, 0.75, 1);
  bench.evaluator.finish();
  await bench.evaluator.run({ late: true });
  bench.deliver(0.25);
  assert.equal(await bench.evaluator.run({ late: true }), 1);
});

test("a window that was first judged after the records came is not judged again for them", async () => {
  const bench = createBench();
  bench.deliver(0, 2);
  await bench.evaluator.run({ late: false });
  assert.equal(await bench.evaluator.run({ late: true }), 0);
  assert.equal(bench.store.aggregations, 1);
});

test("windows up to four weeks later are judged again with the window they are compared with", async () => {
  const bench = createBench();
  bench.deliver(...[0, 1, 2, 3, 4, 5].map((week) => week * 168));
  bench.evaluator.finish();
  await bench.evaluator.run({ late: true });
  const before = bench.store.aggregations;
  bench.deliver(0);
  assert.equal(await bench.evaluator.run({ late: true }), 5);
  assert.equal(bench.store.aggregations, before + 5);
});

test("late points of the process itself concern every version", async () => {
  const bench = createBench();
  bench.deliver(0, 1);
  bench.evaluator.finish();
  await bench.evaluator.run({ late: true });
  bench.nowMs += 1_000;
  bench.store.processHours.push({ version: "", role: KEY.role, startMs: MONDAY_MS + HOUR_MS, receivedMs: bench.nowMs });
  assert.equal(await bench.evaluator.run({ late: true }), 1);
});

test("earlier data widens the range backwards", async () => {
  const bench = createBench();
  bench.deliver(5);
  bench.evaluator.finish();
  await bench.evaluator.run({ late: true });
  bench.deliver(3);
  await bench.evaluator.run({ late: true });
  assert.deepEqual(bench.volumes(), { 3: [1, 0], 4: [0, 0], 5: [1, 0] });
});

test("after a restart what is judged stays, what arrived unseen is judged again", async () => {
  const before = createBench();
  before.deliver(0, 1);
  before.evaluator.finish();
  await before.evaluator.run({ late: true });
  before.nowMs += 60_000;
  await before.evaluator.run({ late: true });
  before.deliver(1);

  const after = createBench(before.store);
  after.nowMs = before.nowMs;
  after.eventTimes.restore(before.eventTimes.list());
  after.evaluator.finish();
  assert.equal(await after.evaluator.run({ late: true }), 1);
  assert.deepEqual(after.volumes(), { 0: [1, 0], 1: [2, 1] });
});

test("a failing store fails the pass; the next one goes on from there", async () => {
  const bench = createBench();
  bench.deliver(0, 1, 2);
  bench.evaluator.finish();
  bench.store.failing = true;
  await assert.rejects(bench.evaluator.run({ late: false }), /disk is full/);
  bench.store.failing = false;
  assert.equal(await bench.evaluator.run({ late: false }), 3);
  assert.deepEqual(bench.volumes(), { 0: [1, 0], 1: [1, 0], 2: [1, 0] });
});

test("windows whose later passes failed are passed over again, first judged or judged again", async () => {
  const bench = createBench();
  const failOnce = async () => {
    bench.store.failingAfterwards = true;
    await assert.rejects(bench.evaluator.run({ late: true }), /disk is full/);
    bench.store.failingAfterwards = false;
    const { watched } = bench.store;
    await bench.evaluator.run({ late: true });
    assert.equal(bench.store.watched, watched + 1);
    await bench.evaluator.run({ late: true });
    assert.equal(bench.store.watched, watched + 1, "and then no more");
  };
  bench.deliver(0, 1);
  bench.evaluator.finish();
  await failOnce();
  bench.deliver(0);
  await failOnce();
  assert.deepEqual(bench.volumes(), { 0: [2, 1], 1: [1, 0] });
});

test("a signal that throws is told, and the window is judged by the others", async () => {
  const bench = createBench(new MemoryStore(), [broken, volume]);
  bench.deliver(0);
  bench.evaluator.finish();
  await bench.evaluator.run({ late: false });
  assert.deepEqual(bench.defects, ["drift"]);
  assert.deepEqual(bench.volumes(), { 0: [1, 0] });
});

test("with a schedule, windows that closed and records that came late wait for the next run", async () => {
  const bench = createBench(new MemoryStore(), [volume], { schedule: "0 */6 * * *" });
  bench.deliver(0, 1, 5);
  assert.equal(await bench.evaluator.run({ late: true }), 0);
  assert.equal(bench.evaluator.progress()[0]!.boundMs, MONDAY_MS);
  bench.deliver(6, 7);
  assert.equal(await bench.evaluator.run({ late: false }), 6);
  assert.deepEqual(Object.keys(bench.volumes()), ["0", "1", "2", "3", "4", "5"]);
  bench.deliver(1, 9, 11);
  assert.equal(await bench.evaluator.run({ late: true }), 0);
  bench.deliver(12, 13);
  assert.equal(await bench.evaluator.run({ late: false }), 7, "six that closed, and one that a late record changed");
  assert.deepEqual(bench.volumes()[1], [2, 1]);
  bench.evaluator.finish();
  await bench.evaluator.run({ late: true });
  assert.deepEqual(bench.volumes()[13], [1, 0]);
});

test("live, runs that were missed by a stop are made up once after the restart, by what the store holds", async () => {
  const live = { schedule: "0 0 * * *", mode: "live" } as const;
  const before = createBench(new MemoryStore(), [volume], live);
  before.nowMs = MONDAY_MS + HOUR_MS;
  before.deliver(0);
  before.nowMs = MONDAY_MS + 25 * HOUR_MS;
  assert.equal(await before.evaluator.run({ late: false }), 24);
  assert.equal(await before.evaluator.run({ late: true }), 0);

  before.nowMs = MONDAY_MS + 26 * HOUR_MS;
  const same = createBench(before.store, [volume], live);
  same.nowMs = before.nowMs;
  same.eventTimes.restore(before.eventTimes.list());
  same.deliver(23);
  assert.equal(await same.evaluator.run({ late: true }), 0, "the run of the day is made already");

  const after = createBench(same.store, [volume], live);
  after.nowMs = MONDAY_MS + 75 * HOUR_MS;
  after.eventTimes.restore(same.eventTimes.list());
  const dayOfSilence = 48;
  assert.equal(await after.evaluator.run({ late: false }), dayOfSilence + 1);
  const { schedule } = after.evaluator.progress()[0]!;
  assert.deepEqual(schedule?.runs, { on_time: 0, late: 1, skipped: 1 });
  assert.equal(await after.evaluator.run({ late: true }), 0);
  assert.deepEqual(after.volumes()[23], [1, 1]);
});

test("live, an instant that came while the run before it was held up is made after a restart too", async () => {
  const live = { schedule: "0 0 * * *", mode: "live" } as const;
  const before = createBench(new MemoryStore(), [volume], live);
  before.nowMs = MONDAY_MS + 48 * HOUR_MS + 180_000;
  before.deliver(0, 47);
  // The watermark is five to ten minutes behind: the second midnight is not due yet, the first is late.
  assert.equal(await before.evaluator.run({ late: true }), 24);
  assert.equal(before.evaluator.progress()[0]!.schedule?.lastPlannedMs, MONDAY_MS + 24 * HOUR_MS);

  const after = createBench(before.store, [volume], live);
  after.nowMs = MONDAY_MS + 48 * HOUR_MS + 660_000;
  after.eventTimes.restore(before.eventTimes.list());
  await after.evaluator.run({ late: true });
  assert.equal(await after.evaluator.run({ late: true }), 0);
  assert.equal(Object.keys(after.volumes()).length, 48);
  assert.deepEqual(
    [after.volumes()[0], after.volumes()[47]],
    [
      [1, 0],
      [1, 0],
    ],
  );
  assert.equal(after.evaluator.progress()[0]!.schedule?.lastPlannedMs, MONDAY_MS + 48 * HOUR_MS);
});

test("a scheduled run that the store makes fail is due until it succeeds", async () => {
  const bench = createBench(new MemoryStore(), [volume], { schedule: "0 */6 * * *" });
  bench.deliver(0, 7);
  bench.store.failing = true;
  await assert.rejects(bench.evaluator.run({ late: false }), /disk is full/);
  bench.store.failing = false;
  assert.equal(await bench.evaluator.run({ late: false }), 6);
});
