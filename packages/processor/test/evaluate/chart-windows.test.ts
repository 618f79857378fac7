import assert from "node:assert/strict";
import { test } from "node:test";
import { metric } from "@tidemark/semconv";
import { createCharting } from "../../src/evaluate/chart-windows.ts";
import { createEvaluationStore } from "../../src/evaluate/stored-evaluation.ts";
import type { MonitoredModel } from "../../src/pipeline/monitored-models.ts";
import { readMeasurements, saveMeasurements } from "../../src/store/measurements.ts";
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

function severity(day: number, value: number, revision = 0) {
  return sampleMeasurement({ ...KEY, value, revision, window: sampleWindow(day) });
}

function task(day: number) {
  const { start, end } = sampleWindow(day);
  return { model, key: KEY, window: { name: "24h", startMs: Date.parse(start), endMs: Date.parse(end) } };
}

test("a chart is stored once, and a late change revises it where it differs and nowhere else", () =>
  withStore(async ({ store }) => {
    const charted: string[] = [];
    const chart = createCharting({
      store: createEvaluationStore(store, () => 1),
      onCharted: (_key, window) => void charted.push(new Date(window.startMs).toISOString()),
    });
    const values = Array.from({ length: DAYS }, (_, day) => 0.3 + 0.01 * ((day * 7) % 5));
    const other = sampleMeasurement({ ...KEY, target: { kind: "feature", name: "origin" }, window: sampleWindow(0) });
    await saveMeasurements(store, [...values.map((value, day) => severity(day, value)), other]);
    await chart([task(0)]);
    assert.equal(charted.length, DAYS);
    const read = () => readMeasurements(store, { ...KEY, signal: "control" });
    const before = await read();
    assert.equal(before.length, 4 * DAYS, "value, center and two limits a window, of the named target alone");
    assert.ok(before.every(({ revision, target }) => revision === 0 && target.name === "distance"));

    charted.length = 0;
    await chart([task(DAYS - 1)]);
    assert.deepEqual([charted.length, (await read()).length], [0, 4 * DAYS], "nothing changed, nothing is stored");

    await saveMeasurements(store, [severity(DAYS - 1, 0.9, 1)]);
    await chart([task(DAYS - 1)]);
    const changed = (await read()).filter(({ revision }) => revision === 1);
    assert.deepEqual(
      changed.map(({ metric: name, state, value }) => [name, state, value]),
      [[metric.controlValue, "warning", 0.9]],
    );
  }));

test("without a configured chart nothing is read", async () => {
  const unread = () => assert.fail("read");
  const chart = createCharting({
    store: { chartedOf: unread, chartsOf: unread, save: unread },
    onCharted: unread,
  });
  await chart([{ ...task(0), model: { ...model, config: { ...config, charts: [] } } }]);
});
