import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { metric } from "@tidemark/semconv";
import type { StoredEstimate } from "../../src/evaluate/estimate-windows.ts";
import { keptRows } from "../../src/evaluate/kept-rows.ts";
import type { MonitoredModel } from "../../src/pipeline/monitored-models.ts";
import { readMeasurements, saveMeasurements } from "../../src/store/measurements.ts";
import { savePairedWindow } from "../../src/store/paired-windows.ts";
import { saveProfile } from "../../src/store/profiles.ts";
import { type KeptRows, removeOld, tableBounds } from "../../src/store/retention.ts";
import { type Cut, neededMs, retentionCut } from "../../src/store/retention-cut.ts";
import type { Store } from "../../src/store/store.ts";
import { readWindowEstimates, saveWindowEstimates } from "../../src/store/window-estimates.ts";
import { createWriter } from "../../src/store/writer.ts";
import { sampleMeasurement } from "../evaluate/sample-measurement.ts";
import { KEY, MONDAY_MS, outcome, point, prediction } from "../records.ts";
import { testConfig } from "../service/start-test-processor.ts";
import { testProfile } from "../service/test-profile.ts";
import { testStores, withStore } from "../temporary-store.ts";

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const NOTHING: Cut = { receivedMs: 0, eventMs: 0 };
const NO_ROWS: KeptRows = { longestWindows: [], charted: [], profileIds: [], streams: [] };

function remove(store: Store, records: Cut, more: { results?: Cut; kept?: Partial<KeptRows> } = {}) {
  const { results = NOTHING, kept = {} } = more;
  return removeOld(store, { cut: { records, results }, kept: { ...NO_ROWS, ...kept } });
}

testStores(
  "whole weeks go when they are old both by arrival and by event time; the others are untouched",
  async ({ store }) => {
    let nowMs = 0;
    const writer = createWriter(store, { maxQueuedBytes: 1e7, now: () => nowMs });
    const write = async (id: string, eventMs: number, receivedMs: number) => {
      nowMs = receivedMs;
      const outcomes = [outcome(`${id}`, eventMs + DAY_MS)];
      const predictions = [
        prediction(id, eventMs, { vectors: { text: Float32Array.of(1, 2) }, probabilities: { late: 1 } }),
      ];
      const written = writer.write({ predictions, outcomes, points: [] });
      await writer.flush();
      await written;
    };
    const later = MONDAY_MS + 10 * WEEK_MS;
    await write("old", MONDAY_MS, MONDAY_MS);
    await write("old event, came late", MONDAY_MS + WEEK_MS, later);
    await write("new event", later, MONDAY_MS);
    const removed = await remove(store, { receivedMs: MONDAY_MS + DAY_MS, eventMs: MONDAY_MS + 5 * WEEK_MS });
    assert.deepEqual(removed.rows, { prediction: 1, class_probability: 1, vector: 1, outcome: 1 });
    const left = async (table: string) =>
      (await store.query<{ id: string }>(`SELECT id FROM ${table} FINAL ORDER BY id`)).map(({ id }) => id);
    assert.deepEqual(await left("prediction"), ["new event", "old event, came late"]);
    assert.deepEqual(await left("class_probability"), ["new event", "old event, came late"]);
    assert.deepEqual(await left("vector"), ["new event", "old event, came late"]);
    assert.deepEqual(await left("outcome"), ["new event", "old event, came late"]);
    assert.deepEqual(
      (await remove(store, { receivedMs: MONDAY_MS + DAY_MS, eventMs: MONDAY_MS + 5 * WEEK_MS })).rows,
      {},
    );
  },
);

test("old estimates go, but for those that a window made again is weighed by", () =>
  withStore(async ({ store }) => {
    const of = { key: KEY, windowName: "24h", profileId: "sha256:p" };
    const estimates = (days: number) =>
      Array.from({ length: days }, (_, day) => ({ startMs: MONDAY_MS + day * DAY_MS }) as StoredEstimate);
    await saveWindowEstimates(store, of, estimates(150), MONDAY_MS);
    await saveWindowEstimates(store, { ...of, windowName: "7d" }, estimates(100), MONDAY_MS);
    const cut = { receivedMs: MONDAY_MS + DAY_MS, eventMs: MONDAY_MS + 140 * DAY_MS };
    assert.deepEqual((await remove(store, { ...cut, receivedMs: MONDAY_MS - 1 })).rows, {}, "they came only now");
    assert.deepEqual((await remove(store, cut)).rows, { window_estimate: 12 });
    const left = await readWindowEstimates(store, of, Number.MAX_SAFE_INTEGER);
    assert.equal(left.length, 128);
    const fromCut = await readWindowEstimates(store, of, cut.eventMs);
    assert.deepEqual(
      fromCut.map(({ startMs }) => startMs),
      estimates(150)
        .slice(12)
        .map(({ startMs }) => startMs),
    );
    assert.equal((await readWindowEstimates(store, { ...of, windowName: "7d" }, Number.MAX_SAFE_INTEGER)).length, 100);
    assert.deepEqual((await remove(store, cut)).rows, {});
  }));

test("measurements go with the results' cut, those of short windows with the records', series from the beginning with their version", () =>
  withStore(async ({ store }) => {
    const span = (day: number, hours: number) => ({
      name: `${hours}h`,
      start: new Date(MONDAY_MS + day * DAY_MS).toISOString(),
      end: new Date(MONDAY_MS + day * DAY_MS + hours * 3_600_000).toISOString(),
    });
    const row = (day: number, hours: number, more: Parameters<typeof sampleMeasurement>[0] = {}) =>
      sampleMeasurement({ window: span(day, hours), ...more });
    const rows = [0, 10, 30].flatMap((day) => [
      row(day, 24),
      row(day, 1),
      row(day, 1, { model: "hourly" }),
      row(day, 24, { metric: metric.performanceLoss }),
      row(day, 24, { metric: metric.driftPsi }),
    ]);
    await saveMeasurements(store, [...rows, row(0, 24, { version: "0", metric: metric.performanceLoss })], MONDAY_MS);
    const pairs = { startMs: MONDAY_MS, endMs: MONDAY_MS + DAY_MS };
    const minutes = [{ startMs: MONDAY_MS, asked: 2, pairs: 2, sum: 1 }];
    await savePairedWindow(store, { ...KEY, version: "0" }, { ...pairs, minutes }, MONDAY_MS);
    await savePairedWindow(store, KEY, { ...pairs, minutes }, MONDAY_MS);
    const receivedMs = MONDAY_MS + DAY_MS;
    const { rows: removed } = await remove(
      store,
      { receivedMs, eventMs: MONDAY_MS + 20 * DAY_MS },
      {
        results: { receivedMs, eventMs: MONDAY_MS + 5 * DAY_MS },
        kept: {
          longestWindows: [["default", "hourly", "1h"]],
          charted: [["default", "flight-delay", metric.driftPsi]],
        },
      },
    );
    const left = (await readMeasurements(store, {})).map(
      ({ model, version, window, metric: name }) =>
        `${model} ${version} ${window.name} ${(Date.parse(window.start) - MONDAY_MS) / DAY_MS} ${name}`,
    );
    assert.deepEqual(left.toSorted(), [
      `flight-delay 1 1h 30 ${metric.driftSeverity}`,
      `flight-delay 1 24h 0 ${metric.driftPsi}`,
      `flight-delay 1 24h 0 ${metric.performanceLoss}`,
      ...[metric.driftPsi, metric.driftSeverity, metric.performanceLoss].map((name) => `flight-delay 1 24h 10 ${name}`),
      ...[metric.driftPsi, metric.driftSeverity, metric.performanceLoss].map((name) => `flight-delay 1 24h 30 ${name}`),
      `hourly 1 1h 10 ${metric.driftSeverity}`,
      `hourly 1 1h 30 ${metric.driftSeverity}`,
    ]);
    // Of day 0 the day's severity and both hours, the hour of day 10, and the version that is measured no more.
    assert.deepEqual(removed, { measurement: 5, paired_minute: 1 });
  }));

test("boundary lists go once no point names them, and come again with their points", () =>
  withStore(async ({ store }) => {
    let nowMs = MONDAY_MS;
    const writer = createWriter(store, { maxQueuedBytes: 1e7, now: () => nowMs });
    const write = async (ms: number, boundaries: number[]) => {
      nowMs = ms;
      const points = [point(ms, { metric: metric.featureValue, feature: "distance", boundaries })];
      const written = writer.write({ predictions: [], outcomes: [], points });
      await writer.flush();
      await written;
    };
    await write(MONDAY_MS, [1, 2]);
    await write(MONDAY_MS + 3 * WEEK_MS, [3, 4]);
    const lists = async () =>
      (await store.query<{ boundaries: number[] }>("SELECT boundaries FROM boundary FINAL ORDER BY boundaries")).map(
        ({ boundaries }) => boundaries,
      );
    const cutMs = MONDAY_MS + 2 * WEEK_MS;
    const { rows } = await remove(store, { receivedMs: cutMs, eventMs: cutMs });
    assert.deepEqual(rows, { metric_point: 1, boundary: 1 });
    assert.deepEqual(await lists(), [[3, 4]]);
    await write(MONDAY_MS + 3 * WEEK_MS, [1, 2]);
    assert.deepEqual(await lists(), [
      [1, 2],
      [3, 4],
    ]);
  }));

test("profiles go once neither the configuration nor a measurement names them", () =>
  withStore(async ({ store }) => {
    const named = (id: string) => ({ ...testProfile(), id: `sha256:${id}` });
    for (const id of ["configured", "measured", "forgotten"]) await saveProfile(store, named(id), MONDAY_MS);
    await saveMeasurements(store, [sampleMeasurement({ profileId: "sha256:measured" })], MONDAY_MS);
    const results = { receivedMs: MONDAY_MS + DAY_MS, eventMs: MONDAY_MS };
    const kept = { profileIds: ["sha256:configured"] };
    assert.deepEqual((await remove(store, NOTHING, { results, kept })).rows, { profile: 1 });
    const left = await store.query<{ id: string }>("SELECT id FROM profile FINAL ORDER BY id");
    assert.deepEqual(left, [{ id: "sha256:configured" }, { id: "sha256:measured" }]);
  }));

test("every table of the store says what bounds it, and docs/reliability.md says the same", () =>
  withStore(async ({ store }) => {
    const found = await store.query<{ name: string }>(
      "SELECT name FROM system.tables WHERE database = currentDatabase() AND name != 'schema_version' ORDER BY name",
    );
    assert.deepEqual(
      found.map(({ name }) => name),
      Object.keys(tableBounds).sort(),
    );
    const page = readFileSync(new URL("../../../../docs/reliability.md", import.meta.url), "utf8");
    for (const [table, { bound }] of Object.entries(tableBounds)) {
      assert.ok(page.includes(`| \`${table}\` | ${bound} |`), `docs/reliability.md lacks \`${table}\` | ${bound}`);
    }
  }));

test("what a configuration needs of old rows follows from its models", () => {
  const model = (change: object) =>
    ({
      profile: testProfile(),
      config: testConfig({ models: [{ name: "m", profile: "p.json", ...change }] }).models[0]!,
    }) as unknown as MonitoredModel;
  const kept = keptRows({
    list: () => [
      model({ windows: ["1h", "24h"], charts: [{ metric: metric.driftSeverity, target: "distance" }] }),
      model({ name: "short", windows: ["5m", "1h"] }),
    ],
  });
  assert.deepEqual(kept.longestWindows, [["default", "short", "1h"]]);
  assert.deepEqual(kept.charted, [["default", "m", metric.driftSeverity]]);
  assert.deepEqual(
    kept.streams.map(({ lengthMs }) => lengthMs),
    [3_600_000, 300_000],
  );
  assert.notEqual(kept.streams[0]!.root, kept.streams[1]!.root);
});

test("what an open window may still read is kept, whatever the retention says", () => {
  const config = testConfig({ clock: { mode: "live" }, store: { retention: "1d", resultRetention: "1d" } });
  const needed = neededMs(config);
  // A record may come 40 days late, an outcome 40 days after its prediction; windows of a day are compared with four weeks.
  assert.ok(needed >= (40 + 40 + 28 + 1) * DAY_MS, `${needed / DAY_MS} days`);
  const rolling = { references: ["training", "rolling"], rollingWindows: 60 };
  const model = { name: "flight-delay", profile: "profile.json", windows: ["24h"], drift: rolling };
  assert.equal(neededMs(testConfig({ models: [model] })), needed + (60 - 28) * DAY_MS);
  const nowMs = MONDAY_MS;
  const monday = (ms: number) => MONDAY_MS - Math.ceil((MONDAY_MS - ms) / WEEK_MS) * WEEK_MS;
  const f = (judgedMs: number[], wantMs: number) => {
    const { records, results } = retentionCut(config, nowMs, judgedMs)!;
    assert.equal(records.eventMs, wantMs);
    assert.deepEqual(results, records);
  };
  f([nowMs], monday(nowMs - needed));
  f([], monday(nowMs - needed));
  f([nowMs, nowMs - 30 * DAY_MS], monday(nowMs - 30 * DAY_MS - needed));
  f([Number.NEGATIVE_INFINITY], Number.NEGATIVE_INFINITY);
  const long = testConfig({ clock: { mode: "live" }, store: { retention: "400d" } });
  const cutOf = (days: number) => {
    const ms = monday(nowMs - days * DAY_MS);
    return { receivedMs: ms, eventMs: ms };
  };
  assert.deepEqual(retentionCut(long, nowMs, [nowMs]), { records: cutOf(400), results: cutOf(1095) });
  assert.equal(new Date(cutOf(400).eventMs).getUTCDay(), 1);
  const short = testConfig({ clock: { mode: "live" }, store: { retention: "1h", resultRetention: "1h" } });
  const { receivedMs } = retentionCut(short, nowMs, [nowMs])!.records;
  assert.ok(receivedMs < nowMs - DAY_MS, "longer than writers remember what they stored");
  assert.equal(retentionCut(testConfig(), nowMs, [nowMs]), null, "a replay removes nothing");
});
