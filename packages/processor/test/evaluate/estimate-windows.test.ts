import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClassEstimation, Measurement, Profile } from "@tidemark/schema";
import type { EstimationSample } from "@tidemark/signals";
import { countReferenceCells } from "@tidemark/stats";
import { createEstimation, type EstimationStore, type StoredEstimate } from "../../src/evaluate/estimate-windows.ts";
import type { JudgeTask } from "../../src/evaluate/window-judge.ts";
import type { MonitoredModel } from "../../src/pipeline/monitored-models.ts";
import type { WindowSeries } from "../../src/store/window-series.ts";
import { testConfig } from "../service/start-test-processor.ts";
import { testProfile } from "../service/test-profile.ts";

const HOUR_MS = 3_600_000;
const MONDAY_MS = Date.UTC(2001, 1, 5);
const KEY = { tenant: "default", model: "flight-delay", version: "1", role: "champion" as const };

/** Rows whose scores come true as often as they say. */
const scores = Float64Array.from({ length: 1_000 }, (_, i) => ((i * 37) % 100) / 100);
const outcomes = Uint8Array.from(scores, (score, i) => (((i * 61) % 97) / 97 < score ? 1 : 0));
const predicted = Uint8Array.from(scores, (score) => (score > 0.5 ? 1 : 0));
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
const { edges, priors, weight, positive, truth, offsets } = countReferenceCells({ scores, predicted, outcomes });
const estimation: ClassEstimation = {
  question: "positive",
  cells: {
    edges: [...edges],
    priors: [...priors],
    weight: [...weight],
    positive: [...positive],
    truth: { ...truth },
    offsets: { ...offsets },
  },
  sample: {
    rows: 1_000,
    scores: base64(new Uint8Array(scores.buffer)),
    predicted: base64(predicted),
    outcomes: base64(outcomes),
    codes: {},
  },
};
const profile: Profile = { ...testProfile(), estimation };
const config = testConfig().models[0]!;
const model: MonitoredModel = { config, configId: "c", profile, features: new Set() };

const task = (hour: number): JudgeTask => ({
  model,
  key: KEY,
  window: { name: "1h", startMs: MONDAY_MS + hour * HOUR_MS, endMs: MONDAY_MS + (hour + 1) * HOUR_MS },
});

function sampleOf(features: readonly string[] = []): EstimationSample {
  return {
    kind: "class",
    classes: null,
    rows: 400,
    timesMs: new Float64Array(400),
    scores: scores.slice(0, 400),
    predicted: predicted.slice(0, 400),
    features,
    codes: new Uint8Array(400 * features.length),
    outcomes: new Uint8Array(400).fill(2),
    maturedAtMs: null,
  };
}

class MemoryStore implements EstimationStore {
  readonly estimates = new Map<number, StoredEstimate>();
  readonly saved: Measurement[] = [];
  readonly asked: number[] = [];
  failing = false;
  /** By hour; others have none. */
  samples: Readonly<Record<number, EstimationSample>> = {};

  async estimationSample({ window }: { window: { startMs: number } }) {
    const hour = (window.startMs - MONDAY_MS) / HOUR_MS;
    this.asked.push(hour);
    return this.samples[hour] ?? null;
  }

  async estimatesAround(_of: WindowSeries, _startMs: number) {
    return [...this.estimates.values()].sort((a, b) => a.startMs - b.startMs);
  }

  async saveEstimates(_of: WindowSeries, estimates: readonly StoredEstimate[]) {
    for (const estimate of estimates) this.estimates.set(estimate.startMs, estimate);
  }

  async estimationsFrom() {
    return [];
  }

  async save(measurements: readonly Measurement[]) {
    if (this.failing) throw new Error("the disk is full");
    this.saved.push(...measurements);
  }
}

function createBench(store: MemoryStore, judgedHours: readonly number[] = []) {
  const defects: string[] = [];
  const estimate = createEstimation({
    store,
    judged: { load: async () => new Map(judgedHours.map((hour) => [MONDAY_MS + hour * HOUR_MS, 0])) },
    onDefect: (signal) => void defects.push(signal),
    yieldToIngest: async () => undefined,
    onEstimated: () => undefined,
  });
  const hoursOf = () => [...store.estimates.keys()].map((startMs) => (startMs - MONDAY_MS) / HOUR_MS).sort();
  return { estimate, defects, hoursOf };
}

test("what a failing store kept from being estimated is estimated with the next windows", async () => {
  const store = new MemoryStore();
  store.samples = { 0: sampleOf(), 1: sampleOf() };
  const { estimate, hoursOf } = createBench(store);
  store.failing = true;
  await assert.rejects(estimate([task(0)]), /disk is full/);
  store.failing = false;
  await estimate([task(1)]);
  assert.deepEqual(hoursOf(), [0, 1]);
  assert.equal(store.saved.filter(({ target }) => target.name === "accuracy").length, 2);
});

test("after the end of a process the windows that it had judged but not estimated are caught up", async () => {
  const store = new MemoryStore();
  store.samples = { 0: sampleOf(), 1: sampleOf(), 2: sampleOf(), 3: sampleOf() };
  await createBench(store).estimate([task(0)]);
  const { estimate, hoursOf } = createBench(store, [0, 1, 2]);
  await estimate([task(3)]);
  assert.deepEqual(hoursOf(), [0, 1, 2, 3]);
});

test("a window whose estimate throws is told, and the others are estimated", async () => {
  const store = new MemoryStore();
  store.samples = { 0: sampleOf(["of no profile"]), 1: sampleOf() };
  const { estimate, defects, hoursOf } = createBench(store);
  await estimate([task(0), task(1)]);
  assert.deepEqual(defects, ["estimation"]);
  assert.deepEqual(hoursOf(), [1]);
});

test("a profile without estimation is not asked for samples, and a window without rows has no estimate", async () => {
  const store = new MemoryStore();
  const { estimate } = createBench(store);
  await estimate([{ ...task(0), model: { ...model, profile: testProfile() } }]);
  assert.deepEqual(store.asked, []);
  await estimate([task(1)]);
  assert.deepEqual([store.asked, store.saved], [[1], []]);
});
