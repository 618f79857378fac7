import assert from "node:assert/strict";
import { fencedStore, StaleOwnerError } from "../../src/replicas/fenced-store.ts";
import { fencingGeneration } from "../../src/replicas/fencing-generation.ts";
import { readEvaluationMark, saveEvaluationMark } from "../../src/store/evaluation-marks.ts";
import { readMeasurements, saveMeasurements } from "../../src/store/measurements.ts";
import { readWindowCounts, saveWindowCounts } from "../../src/store/window-counts.ts";
import { sampleMeasurement } from "../evaluate/sample-measurement.ts";
import { KEY, MONDAY_MS } from "../records.ts";
import { testStores } from "../temporary-store.ts";

testStores("what a stale owner writes loses, whatever its revision, its time and the order", async ({ store }) => {
  const [first, second] = [3, 4].map((generation) => fencedStore(store, generation, () => true));
  const of = { key: KEY, windowName: "24h", profileId: "p" };
  const mark = { tenant: KEY.tenant, model: KEY.model };
  const write = async (
    by: typeof first,
    { value, revision, nowMs }: { value: number; revision: number; nowMs: number },
  ) => {
    await saveMeasurements(by!, [sampleMeasurement({ value, revision })], nowMs);
    await saveWindowCounts(by!, [{ ...of, startMs: MONDAY_MS, fields: [{ value }] as never }], nowMs);
    await saveEvaluationMark(by!, { ...mark, receivedFromMs: nowMs }, nowMs);
  };
  await saveMeasurements(store, [sampleMeasurement({ value: 1, revision: 9 })]);
  await write(second, { value: 4, revision: 0, nowMs: 1_700_000_000_000 });
  await write(first, { value: 3, revision: 700, nowMs: 1_700_000_900_000 });
  assert.deepEqual(await readMeasurements(store, {}), [sampleMeasurement({ value: 4, revision: 0 })]);
  assert.deepEqual(await readWindowCounts(store, of, [MONDAY_MS]), [{ startMs: MONDAY_MS, fields: [{ value: 4 }] }]);
  assert.equal(await readEvaluationMark(store, mark.tenant, mark.model), 1_700_000_000_000);
});

testStores("an owner that is one no more writes nothing", async ({ store }) => {
  let isCurrent = true;
  const owner = fencedStore(store, 3, () => isCurrent);
  await saveMeasurements(owner, [sampleMeasurement({ value: 1 })]);
  isCurrent = false;
  await assert.rejects(saveMeasurements(owner, [sampleMeasurement({ value: 2, revision: 1 })]), StaleOwnerError);
  assert.equal((await readMeasurements(store, {}))[0]?.value, 1);
});

testStores(
  "a group that begins anew, and a processor without Kafka, win over what replicas left",
  async ({ store }) => {
    assert.equal(await fencingGeneration(store, 7), 7);
    await saveMeasurements(
      fencedStore(store, 7, () => true),
      [sampleMeasurement({ value: 7 })],
    );
    // A second owner of the same generation, of other models.
    assert.equal(await fencingGeneration(store, 7), 7);
    for (const groupGeneration of [0, 1]) {
      const generation = await fencingGeneration(store, groupGeneration);
      assert.equal(generation, 8);
      await saveMeasurements(
        fencedStore(store, generation, () => true),
        [sampleMeasurement({ value: 8 })],
      );
      assert.equal((await readMeasurements(store, {}))[0]?.value, 8);
      await store.execute("ALTER TABLE measurement DELETE WHERE value = 8 SETTINGS mutations_sync = 2");
      await saveMeasurements(
        fencedStore(store, 7, () => true),
        [sampleMeasurement({ value: 7 })],
      );
    }
  },
);
