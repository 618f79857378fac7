import assert from "node:assert/strict";
import type { Measurement } from "@tidemark/schema";
import { readEvaluationMark, saveEvaluationMark } from "../../src/store/evaluation-marks.ts";
import { type MeasurementFilter, readMeasurements, saveMeasurements } from "../../src/store/measurements.ts";
import { listProfiles, readProfile, saveProfile } from "../../src/store/profiles.ts";
import { HOUR_MS, KEY, MONDAY_MS, numericField, profile } from "../records.ts";
import { testStores } from "../temporary-store.ts";

function measurement(name: string, hour: number, more: Partial<Measurement> = {}): Measurement {
  return {
    ...KEY,
    signal: "drift",
    target: { kind: "feature", name },
    metric: "ml.drift.psi",
    attributes: { b: "2", a: "it's" },
    value: 0.1 + hour,
    lower: null,
    upper: 1e-300,
    state: "ok",
    threshold: null,
    evidence: {
      numbers: { logEvidence: 1.5 },
      note: "line\n\nbreak",
      bins: { labels: ["a"], window: [1], reference: [0.5] },
    },
    window: {
      name: "1h",
      start: new Date(MONDAY_MS + hour * HOUR_MS).toISOString(),
      end: new Date(MONDAY_MS + (hour + 1) * HOUR_MS).toISOString(),
    },
    count: 10,
    effective: 9.5,
    profileId: "sha256:p",
    configId: "sha256:c",
    revision: 0,
    ...more,
  };
}

testStores(
  "measurements come back as they were, the latest revision of each, whatever the order of saving",
  async ({ store }) => {
    const revised = measurement("distance", 0, { value: 5, state: "critical", revision: 2 });
    await saveMeasurements(store, [revised, measurement("hour", 0, { state: null, value: null })]);
    await saveMeasurements(store, [measurement("distance", 0), measurement("distance", 0, { revision: 1 })]);
    await saveMeasurements(store, []);
    assert.deepEqual(await readMeasurements(store, {}), [
      revised,
      measurement("hour", 0, { state: null, value: null }),
    ]);
  },
);

testStores("filters restrict by model, window, signal, target, metric and time", async ({ store }) => {
  await saveMeasurements(store, [
    measurement("distance", 0),
    measurement("distance", 1),
    measurement("hour", 2, { metric: "ml.drift.ks_statistic" }),
    measurement("hour", 0, { model: "other", signal: "data_quality" }),
    measurement("distance", 0, { window: { ...measurement("distance", 0).window, name: "24h" } }),
  ]);
  const rows: [MeasurementFilter, number][] = [
    [{}, 5],
    [{ model: KEY.model }, 4],
    [{ model: "x' OR '1'='1" }, 0],
    [{ tenant: "default", version: "1", role: "champion", windowName: "24h" }, 1],
    [{ signal: "data_quality" }, 1],
    [{ target: "distance", targetKind: "feature" }, 3],
    [{ metric: "ml.drift.ks_statistic" }, 1],
    [{ fromMs: MONDAY_MS + HOUR_MS }, 2],
    [{ fromMs: MONDAY_MS, toMs: MONDAY_MS + HOUR_MS }, 3],
    [{ latest: true, model: KEY.model, windowName: "1h" }, 1],
    [{ latest: true }, 3],
  ];
  for (const [filter, want] of rows) {
    assert.equal((await readMeasurements(store, filter)).length, want, JSON.stringify(filter));
  }
});

testStores("a profile is stored under its id, once", async ({ store }) => {
  const stored = profile([numericField("distance", [1, 2.5])]);
  await saveProfile(store, stored);
  await saveProfile(store, stored);
  assert.deepEqual(await readProfile(store, stored.id), stored);
  assert.equal(await readProfile(store, "sha256:none"), null);
  assert.deepEqual(await listProfiles(store, "default", [stored.id]), [
    { id: stored.id, model: KEY.model, version: "1" },
  ]);
});

testStores("the latest evaluation mark of a model is kept", async ({ store }) => {
  const mark = { tenant: "default", model: KEY.model };
  assert.equal(await readEvaluationMark(store, mark.tenant, mark.model), null);
  await saveEvaluationMark(store, { ...mark, receivedFromMs: 1_700_000_000_001 });
  await saveEvaluationMark(store, { ...mark, receivedFromMs: 1_600_000_000_000 });
  assert.equal(await readEvaluationMark(store, mark.tenant, mark.model), 1_700_000_000_001);
});
