import assert from "node:assert/strict";
import { test } from "node:test";
import type { Measurement } from "@tidemark/schema";
import { metric } from "@tidemark/semconv";
import type { ChangedWindows } from "../../src/evaluate/changed-windows.ts";
import { createCharting } from "../../src/evaluate/chart-windows.ts";
import { isWithdrawn } from "../../src/evaluate/revise-measurements.ts";
import { createEvaluationStore } from "../../src/evaluate/stored-evaluation.ts";
import type { MonitoredModel } from "../../src/pipeline/monitored-models.ts";
import { readMeasurements, saveMeasurements } from "../../src/store/measurements.ts";
import type { Store } from "../../src/store/store.ts";
import { KEY, profile } from "../records.ts";
import { testConfig } from "../service/start-test-processor.ts";
import { withStore } from "../temporary-store.ts";
import { sampleMeasurement, sampleWindow } from "./sample-measurement.ts";

const DAYS = 40;
const config = testConfig({
  models: [
    {
      name: KEY.model,
      profile: "profile.json",
      windows: ["24h"],
      charts: [
        { metric: metric.driftSeverity, target: "distance" },
        { metric: metric.driftSeverity, target: "origin", window: "7d" },
      ],
    },
  ],
}).models[0]!;
const model: MonitoredModel = { config, configId: "c", profile: profile([]), features: new Set() };

function severity(day: number, value: number | null, revision = 0, name = "distance") {
  const target = { kind: "feature" as const, name };
  return sampleMeasurement({ ...KEY, value, revision, target, window: sampleWindow(day) });
}

function changedFrom(day: number): ChangedWindows[] {
  return [{ key: KEY, windowName: "24h", fromMs: Date.parse(sampleWindow(day).start) }];
}

function chartingOf(store: Store, charted: string[] = [], of: MonitoredModel = model) {
  return createCharting({
    store: createEvaluationStore(store, () => 1),
    models: { find: () => of },
    onCharted: (_key, window) => void charted.push(new Date(window.startMs).toISOString()),
  });
}

const chartsIn = (store: Store) => readMeasurements(store, { ...KEY, signal: "control" });

test("a chart is stored once, and a late change revises it where it differs and nowhere else", () =>
  withStore(async ({ store }) => {
    const charted: string[] = [];
    const chart = chartingOf(store, charted);
    const values = Array.from({ length: DAYS }, (_, day) => 0.3 + 0.01 * ((day * 7) % 5));
    await saveMeasurements(store, [...values.map((value, day) => severity(day, value)), severity(0, 0.5, 0, "origin")]);
    await chart(changedFrom(0));
    assert.equal(charted.length, DAYS);
    const before = await chartsIn(store);
    assert.equal(before.length, 4 * DAYS, "value, center and two limits a window, of the named target alone");
    assert.ok(before.every(({ revision, target }) => revision === 0 && target.name === "distance"));

    charted.length = 0;
    await chart(changedFrom(DAYS - 1));
    assert.deepEqual(
      [charted.length, (await chartsIn(store)).length],
      [1, 4 * DAYS],
      "the chart as it stands, unchanged",
    );

    await saveMeasurements(store, [severity(DAYS - 1, 0.9, 1)]);
    await chart(changedFrom(DAYS - 1));
    const changed = (await chartsIn(store)).filter(({ revision }) => revision === 1);
    assert.deepEqual(
      changed.map(({ metric: name, state, value }) => [name, state, value]),
      [[metric.controlValue, "warning", 0.9]],
    );
  }));

test("drawn window by window, with late changes and losses and a restart, a chart is the one drawn at once", async () => {
  const both = { ...model, config: { ...config, charts: [{ metric: metric.driftSeverity, learn: 10 }] } };
  const value = (day: number, of: number) => Math.abs(Math.sin((day + 1) * of * 12.9898) * 43_758.5453) % 1;
  let drawn: Measurement[] = [];
  let measured: Measurement[] = [];
  await withStore(async ({ store }) => {
    let chart = chartingOf(store, [], both);
    for (let day = 0; day < 30; day++) {
      // One of the two is measured on every third day only, and so has no limits yet when the other has.
      const rows = [severity(day, value(day, 1)), severity(day, value(day, 2), 0, "origin")];
      await saveMeasurements(store, day % 3 === 0 ? rows : rows.slice(0, 1));
      await chart(changedFrom(day));
      if (day === 20) chart = chartingOf(store, [], both);
    }
    const late = [severity(4, 3, 1), severity(15, null, 1), severity(25, 9, 1), severity(27, null, 1, "origin")];
    for (const each of late) {
      await saveMeasurements(store, [each]);
      await chart([{ key: KEY, windowName: "24h", fromMs: Date.parse(each.window.start) }]);
    }
    drawn = await chartsIn(store);
    measured = await readMeasurements(store, { ...KEY, signal: "drift" });
  });
  await withStore(async ({ store }) => {
    await saveMeasurements(store, measured);
    await chartingOf(store, [], both)(changedFrom(29));
    const atOnce = await chartsIn(store);
    assert.ok(atOnce.length > 100);
    const shown = drawn.filter((row) => !isWithdrawn(row)).map((row) => ({ ...row, revision: 0 }));
    assert.deepEqual(shown, atOnce);
  });
});

test("without a configured chart nothing is read", async () => {
  const unread = () => assert.fail("read");
  const chart = createCharting({
    store: { chartedFrom: unread, chartsFrom: unread, save: unread },
    models: { find: () => ({ ...model, config: { ...config, charts: [] } }) },
    onCharted: unread,
  });
  await chart(changedFrom(0));
});
