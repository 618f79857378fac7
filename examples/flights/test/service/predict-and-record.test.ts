import assert from "node:assert/strict";
import { test } from "node:test";
import type { BatchRecord, ModelRecorder } from "@tidemark/instrumentation";
import { predictAndRecord } from "../../src/service/predict-and-record.ts";
import { flightAt } from "../flight-at.ts";

const departures = [flightAt(1_000).departure, flightAt(2_000).departure];

function recorder(): { recorded: BatchRecord[]; recorder: Pick<ModelRecorder, "recordBatch"> } {
  const recorded: BatchRecord[] = [];
  const recordBatch = (batch: BatchRecord) => {
    recorded.push(batch);
    return [...(batch.ids ?? [])];
  };
  return { recorded, recorder: { recordBatch } };
}

test("what is answered is what is recorded, under the flight's own id and time", async () => {
  const { recorded, recorder: into } = recorder();
  const model = {
    predict: async () => Float32Array.of(0.75, 0.125),
    labelOf: (score: number) => (score > 0.5 ? ("late" as const) : ("on_time" as const)),
  };
  const answers = await predictAndRecord(model, into, departures);
  assert.deepEqual(answers, [
    { id: "flight-1000", score: 0.75, label: "late" },
    { id: "flight-2000", score: 0.125, label: "on_time" },
  ]);
  assert.equal(recorded.length, 1);
  const batch = recorded[0]!;
  assert.deepEqual(batch.ids, ["flight-1000", "flight-2000"]);
  assert.deepEqual(batch.timesMs, [1_000, 2_000]);
  assert.deepEqual([...(batch.scores as Float32Array)], [0.75, 0.125]);
  assert.deepEqual(batch.labels, ["late", "on_time"]);
  assert.deepEqual(batch.inputs, departures);
  assert.ok(batch.durationSeconds! >= 0);
});

test("a failing model fails the request, and its predictions are recorded as failed", async () => {
  const { recorded, recorder: into } = recorder();
  const failure = new Error("out of memory");
  const model = {
    predict: () => Promise.reject(failure),
    labelOf: () => "late" as const,
  };
  await assert.rejects(predictAndRecord(model, into, departures), failure);
  assert.equal(recorded.length, 1);
  assert.equal(recorded[0]?.error, failure);
  assert.equal(recorded[0]?.inputs.length, 2);
});
