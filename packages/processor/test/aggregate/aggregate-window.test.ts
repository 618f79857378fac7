import assert from "node:assert/strict";
import { test } from "node:test";
import type { Profile } from "@tidemark/schema";
import type { FieldCounts, WindowAggregate } from "@tidemark/signals";
import { aggregateWindow } from "../../src/aggregate/aggregate-window.ts";
import type { Store } from "../../src/store/store.ts";
import {
  categoricalField,
  HOUR_MS,
  histogram,
  KEY,
  MONDAY_MS,
  nanoseconds,
  numericField,
  outcome,
  point,
  prediction,
  profile,
} from "../records.ts";
import { withStore } from "../temporary-store.ts";

const DAY_MS = 24 * HOUR_MS;
const HORIZON_MS = 40 * DAY_MS;

const FIELDS = [
  numericField("distance", [100, 500, 1000], { range: { min: 0, max: 3000 } }),
  categoricalField("origin", ["LAS", "SFO"], { otherCategories: ["OAK"] }),
  numericField("score", [0.25, 0.5, 0.75], { target: "prediction" }),
  categoricalField("label", ["late", "on_time"], { target: "prediction" }),
  categoricalField("label", ["late", "on_time"], { target: "outcome" }),
];

/** The first two hours of the week are slot 0, the rest slot 1. */
const SEASON = { slotOfHour: Array.from({ length: 168 }, (_unused, hour) => (hour < 2 ? 0 : 1)), slotCount: 2 };

function aggregateDay(
  store: Store,
  reference: Profile = profile(FIELDS),
  outcomeHorizonMs = HORIZON_MS,
): Promise<WindowAggregate> {
  const window = { name: "24h", startMs: MONDAY_MS, endMs: MONDAY_MS + DAY_MS };
  return aggregateWindow(store, { key: KEY, profile: reference, window, outcomeHorizonMs, segments: [] });
}

function fieldOf(aggregate: WindowAggregate, name: string, target: FieldCounts["target"] = "feature"): FieldCounts {
  const field = aggregate.fields.find((candidate) => candidate.target === target && candidate.name === name);
  assert.ok(field !== undefined, `no ${target} ${name}`);
  return field;
}

const NO_STATES = { valid: 0, missing: 0, type_mismatch: 0, out_of_range: 0, unseen_category: 0, non_finite: 0 };

test("records alone give every value of a feature one state and one bin, edges to the bin below", () =>
  withStore(async ({ store, write }) => {
    const inputs = [
      { distance: 100, origin: "LAS" },
      { distance: 100.5, origin: "OAK" },
      { distance: 4000, origin: "XXX" },
      { distance: -1, origin: null },
      { distance: null, origin: 5 },
      { distance: "far", origin: true },
      { distance: Number.NaN, origin: Number.POSITIVE_INFINITY },
      { origin: "SFO" },
    ];
    await write({
      predictions: inputs.map((values, index) => prediction(`p${index}`, MONDAY_MS + index, { inputs: values })),
    });
    const aggregate = await aggregateDay(store);
    const distance = fieldOf(aggregate, "distance");
    assert.deepEqual(distance.counts, [2, 1, 0, 1]);
    assert.deepEqual(distance.states, {
      ...NO_STATES,
      valid: 2,
      missing: 2,
      type_mismatch: 1,
      out_of_range: 2,
      non_finite: 1,
    });
    assert.equal(distance.source, "records");
    const origin = fieldOf(aggregate, "origin");
    assert.deepEqual(origin.counts, [1, 1, 4]);
    assert.deepEqual(origin.states, { ...NO_STATES, valid: 3, missing: 1, unseen_category: 3, non_finite: 1 });
    assert.equal(aggregate.predictions, 8);
    assert.equal(aggregate.service, null);
  }));

test("a feature that no record of the window names is left out, not counted as missing", () =>
  withStore(async ({ store, write }) => {
    await write({
      predictions: [prediction("a", MONDAY_MS, { inputs: { origin: "LAS" } }), prediction("b", MONDAY_MS)],
    });
    const aggregate = await aggregateDay(store);
    assert.deepEqual(
      aggregate.fields
        .filter(({ target }) => target === "feature")
        .map(({ name, states }) => [name, states.valid, states.missing]),
      [["origin", 1, 0]],
    );
  }));

test("cumulative points count by their differences, a new start from zero, by season slot", () =>
  withStore(async ({ store, write }) => {
    const distance = {
      metric: "ml.feature.value",
      feature: "distance",
      boundaries: [50, 100, 500, 1000],
      startUnixNano: 0n,
    };
    const restarted = { ...distance, startUnixNano: nanoseconds(MONDAY_MS + 2 * HOUR_MS) };
    await write({
      points: [
        histogram(MONDAY_MS - 1, distance, [1, 1, 1, 1, 1]),
        histogram(MONDAY_MS + HOUR_MS, distance, [2, 2, 2, 2, 2]),
        histogram(MONDAY_MS + 2 * HOUR_MS, distance, [3, 3, 3, 3, 13]),
        histogram(MONDAY_MS + 3 * HOUR_MS, restarted, [1, 0, 0, 0, 0]),
        histogram(MONDAY_MS + 24 * HOUR_MS, restarted, [1, 0, 7, 0, 0]),
        histogram(MONDAY_MS + 24 * HOUR_MS + 1, restarted, [9, 9, 9, 9, 9]),
      ],
    });
    const field = fieldOf(await aggregateDay(store, profile(FIELDS, SEASON)), "distance");
    assert.deepEqual(field.counts, [5, 9, 2, 12]);
    assert.deepEqual(field.slots, [
      { slot: 0, counts: [4, 2, 2, 12], missing: 0 },
      { slot: 1, counts: [1, 7, 0, 0], missing: 0 },
    ]);
    assert.equal(field.source, "profile_points");
    assert.deepEqual((await aggregateDay(store)).fields[0]?.counts, field.counts);
  }));

test("a cumulative histogram whose boundaries change while it counts on is counted once", () =>
  withStore(async ({ store, write }) => {
    const duration = { metric: "ml.inference.duration", startUnixNano: 0n };
    await write({
      points: [
        histogram(MONDAY_MS - 1, { ...duration, boundaries: [1, 2, 3, 4] }, [0, 5, 5, 0, 0]),
        histogram(MONDAY_MS + HOUR_MS, { ...duration, boundaries: [1, 2, 3, 4] }, [0, 6, 6, 1, 0]),
        histogram(MONDAY_MS + 2 * HOUR_MS, { ...duration, boundaries: [1, 3, 5, 7] }, [0, 14, 2, 4, 0]),
      ],
    });
    const expected = { "1": 0, "3": 4, "5": 2, "7": 4 };
    for (const season of [null, SEASON]) {
      const { service } = await aggregateDay(store, profile(FIELDS, season));
      const { durationBoundaries, durationCounts } = service!;
      // Boundaries that only split empty bins may be left or not; the counts up to each of these are the same.
      const upTo = (limit: number) =>
        durationCounts.slice(0, durationBoundaries.indexOf(limit) + 1).reduce((sum, count) => sum + count, 0);
      assert.deepEqual(
        Object.keys(expected).map((limit) => upTo(Number(limit))),
        [0, 4, 6, 10],
      );
      assert.equal(durationCounts.at(-1), 0);
    }
  }));

test("the last point before the window is found however long before it lies", () =>
  withStore(async ({ store, write }) => {
    const counter = {
      metric: "ml.prediction.labels",
      key: "late",
      startUnixNano: nanoseconds(MONDAY_MS - 30 * DAY_MS),
    };
    await write({
      points: [
        point(MONDAY_MS - 29 * DAY_MS, { ...counter, sum: 100 }),
        point(MONDAY_MS + HOUR_MS, { ...counter, sum: 107 }),
      ],
    });
    assert.deepEqual(fieldOf(await aggregateDay(store), "label", "prediction").counts, [7, 0, 0]);
  }));

test("delta points are added up once each, and a point at midnight belongs to the day before", () =>
  withStore(async ({ store, write }) => {
    const delta = { metric: "ml.prediction.labels", temporality: "delta" as const };
    const points = [
      point(MONDAY_MS, { ...delta, key: "late", sum: 1000, startUnixNano: nanoseconds(MONDAY_MS - 60_000) }),
      point(MONDAY_MS + 60_000, { ...delta, key: "late", sum: 3 }),
      point(MONDAY_MS + 120_000, { ...delta, key: "late", sum: 4, startUnixNano: nanoseconds(MONDAY_MS + 60_000) }),
      point(MONDAY_MS + DAY_MS, { ...delta, key: "other", sum: 5, startUnixNano: nanoseconds(MONDAY_MS + 60_000) }),
    ];
    await write({ points });
    await write({ points: points.slice(1) });
    const label = fieldOf(await aggregateDay(store), "label", "prediction");
    assert.deepEqual(label.counts, [7, 0, 5]);
    assert.deepEqual(label.states, { ...NO_STATES, valid: 7, unseen_category: 5 });
  }));

test("value states of points go with the counts, and boundaries that do not fit leave the field to the records", () =>
  withStore(async ({ store, write }) => {
    const states = (feature: string, key: string, sum: number) =>
      point(MONDAY_MS + HOUR_MS, { metric: "ml.feature.values", feature, key, sum });
    await write({
      points: [
        point(MONDAY_MS + HOUR_MS, { metric: "ml.feature.categories", feature: "origin", key: "LAS", sum: 7 }),
        point(MONDAY_MS + HOUR_MS, { metric: "ml.feature.categories", feature: "origin", key: "_other_", sum: 2 }),
        states("origin", "valid", 8),
        states("origin", "unseen_category", 1),
        states("origin", "missing", 3),
        histogram(
          MONDAY_MS + HOUR_MS,
          { metric: "ml.feature.value", feature: "distance", boundaries: [5, 10] },
          [1, 2, 3],
        ),
        states("distance", "valid", 6),
      ],
      predictions: [prediction("a", MONDAY_MS, { inputs: { distance: 700, origin: "SFO" } })],
    });
    const aggregate = await aggregateDay(store, profile(FIELDS, SEASON));
    const origin = fieldOf(aggregate, "origin");
    assert.deepEqual([origin.counts, origin.source], [[7, 0, 2], "profile_points"]);
    assert.deepEqual(origin.states, { ...NO_STATES, valid: 8, unseen_category: 1, missing: 3 });
    assert.deepEqual(origin.slots, [{ slot: 0, counts: [7, 0, 2], missing: 3 }]);
    const distance = fieldOf(aggregate, "distance");
    assert.deepEqual([distance.counts, distance.source], [[0, 0, 1, 0], "records"]);
  }));

test("a service that found its profile late is counted from then on, whatever it discovered before", () =>
  withStore(async ({ store, write }) => {
    const metric = { metric: "ml.feature.value", feature: "distance" };
    const found = { ...metric, startUnixNano: nanoseconds(MONDAY_MS + 20 * 60_000), boundaries: [100, 500, 1000] };
    await write({
      points: [
        // Discovered, and rescaled on the way.
        histogram(MONDAY_MS + 5 * 60_000, { ...metric, boundaries: [256, 512, 1024] }, [0, 2, 0, 0]),
        histogram(MONDAY_MS + 20 * 60_000, { ...metric, boundaries: [1, 1024] }, [0, 5, 0]),
        histogram(MONDAY_MS + 30 * 60_000, found, [1, 2, 3, 4]),
        histogram(MONDAY_MS + 40 * 60_000, found, [2, 3, 4, 5]),
      ],
    });
    for (const season of [null, SEASON]) {
      const distance = fieldOf(await aggregateDay(store, profile(FIELDS, season)), "distance");
      assert.deepEqual([distance.counts, distance.source], [[2, 3, 4, 5], "profile_points"]);
    }
  }));

test("an outcome counts within its horizon, its latest version wins, and a repeated one changes nothing", () =>
  withStore(async ({ store, write }) => {
    const ids = ["a", "b", "c", "d"];
    await write({
      predictions: ids.map((id, index) =>
        prediction(id, MONDAY_MS + index, { score: index < 2 ? 0.75 : 0.5, label: "late" }),
      ),
      outcomes: [
        outcome("a", MONDAY_MS + 2 * HOUR_MS, { label: "on_time" }),
        outcome("a", MONDAY_MS + HOUR_MS, { label: "late" }),
        outcome("b", MONDAY_MS + HOUR_MS, { label: "late" }),
        outcome("c", MONDAY_MS + 50 * DAY_MS, { label: "late" }),
        outcome("orphan", MONDAY_MS + HOUR_MS, { label: "late" }),
      ],
    });
    await write({ outcomes: [outcome("b", MONDAY_MS + HOUR_MS, { label: "late" })] });
    const aggregate = await aggregateDay(store);
    const group = {
      score: 0.75,
      label: "late",
      value: null,
      outcomeKind: "class",
      outcomeValue: null,
      position: null,
      weight: 1,
      count: 1,
    };
    assert.deepEqual(aggregate.labelled, [
      { ...group, outcomeLabel: "late" },
      { ...group, outcomeLabel: "on_time" },
    ]);
    assert.equal(aggregate.outcomes.delaySeconds?.median, (3600 - 0.001 + 7200) / 2);
    assert.deepEqual(fieldOf(aggregate, "label", "outcome").counts, [1, 1, 0]);
    await write({ outcomes: [outcome("d", MONDAY_MS + 3 * HOUR_MS, { label: "late" })] });
    assert.equal((await aggregateDay(store)).labelled.length, 3);
    assert.equal((await aggregateDay(store, profile(FIELDS), HOUR_MS)).labelled.length, 1);
  }));

test("sampled records are weighted by their inverse probability", () =>
  withStore(async ({ store, write }) => {
    const sampled = Array.from({ length: 10 }, (_unused, index) =>
      prediction(`s${index}`, MONDAY_MS + index, { label: "late", samplingProbability: 0.1 }),
    );
    await write({ predictions: sampled });
    const uniform = await aggregateDay(store);
    assert.deepEqual([uniform.predictions, uniform.effectivePredictions], [100, 10]);
    assert.deepEqual(fieldOf(uniform, "label", "prediction").counts, [10, 0, 0]);
    await write({ predictions: [prediction("full", MONDAY_MS + 99, { label: "on_time" })] });
    const mixed = await aggregateDay(store);
    assert.equal(mixed.predictions, 101);
    assert.ok(Math.abs(mixed.effectivePredictions - 101 ** 2 / 1001) < 1e-9);
    const [late = 0, onTime = 0] = fieldOf(mixed, "label", "prediction").counts;
    assert.ok(Math.abs(late / (late + onTime) - 100 / 101) < 1e-12);
  }));

test("earlier weeks are those that had predictions, and a model without records is counted by its points", () =>
  withStore(async ({ store, write }) => {
    const week = 7 * DAY_MS;
    await write({
      predictions: [0, 1, 1, 3].map((weeks, index) => prediction(`w${index}`, MONDAY_MS + index - weeks * week)),
    });
    const recorded = await aggregateDay(store);
    assert.deepEqual([recorded.predictions, recorded.earlierPredictions], [1, [2, 1]]);
    const counter = { model: "silent", metric: "ml.inference.predictions" };
    await write({
      points: [
        point(MONDAY_MS - week + HOUR_MS, { ...counter, sum: 10, startUnixNano: nanoseconds(MONDAY_MS - week) }),
        point(MONDAY_MS + HOUR_MS, { ...counter, sum: 30, startUnixNano: nanoseconds(MONDAY_MS - week) }),
        point(MONDAY_MS + HOUR_MS, { ...counter, key: "timeout", sum: 3 }),
      ],
    });
    const window = { name: "24h", startMs: MONDAY_MS, endMs: MONDAY_MS + DAY_MS };
    const key = { ...KEY, model: "silent" };
    const silent = await aggregateWindow(store, {
      key,
      profile: profile(FIELDS),
      window,
      outcomeHorizonMs: HORIZON_MS,
      segments: [],
    });
    assert.deepEqual([silent.predictions, silent.effectivePredictions, silent.earlierPredictions], [20, 20, [10]]);
  }));

test("latency, failures, CPU and memory are those of the services that sent the model's points", () =>
  withStore(async ({ store, write }) => {
    const process = { model: "", version: "", role: "" };
    const at = MONDAY_MS + 2 * HOUR_MS;
    await write({
      points: [
        point(at, { metric: "ml.inference.predictions", sum: 9 }),
        point(at, { metric: "ml.inference.predictions", key: "timeout", sum: 2 }),
        histogram(at, { metric: "ml.inference.duration", boundaries: [0.1, 0.5] }, [5, 3, 1]),
        histogram(at, { metric: "ml.inference.duration", boundaries: [0.1, 0.2, 0.5], instance: "b" }, [1, 1, 1, 1]),
        point(at, { ...process, metric: "process.cpu.time", sum: 2.5 }),
        point(MONDAY_MS, {
          ...process,
          metric: "process.cpu.time",
          sum: 1.25,
          startUnixNano: nanoseconds(MONDAY_MS - HOUR_MS),
          instance: "b",
        }),
        point(at, {
          ...process,
          metric: "process.cpu.time",
          sum: 1.5,
          startUnixNano: nanoseconds(MONDAY_MS - HOUR_MS),
          instance: "b",
        }),
        point(at, { ...process, metric: "process.cpu.time", sum: 99, service: "other" }),
        point(at, { ...process, metric: "process.memory.usage", sum: 1e8 }),
        point(at, { ...process, metric: "process.memory.usage", sum: 3e8, service: "other" }),
      ],
    });
    assert.deepEqual((await aggregateDay(store)).service, {
      durationBoundaries: [0.1, 0.5],
      durationCounts: [6, 5, 2],
      succeeded: 9,
      failed: [{ type: "timeout", count: 2 }],
      cpuSeconds: 2.75,
      maxMemoryBytes: 1e8,
    });
  }));
