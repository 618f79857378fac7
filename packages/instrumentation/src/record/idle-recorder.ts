import type { IdGenerator } from "../ids/uuid-v7.ts";
import type { ModelRecorder } from "./model-recorder.ts";

/** Stands in for a model that could not be described: ids are given and predictions run, nothing is recorded. */
export function createIdleRecorder(createId: IdGenerator, now: () => number): ModelRecorder {
  return {
    record: (prediction) => prediction?.id ?? createId(now()),
    recordBatch: (batch) => Array.from(batch?.inputs ?? [], (_, row) => batch.ids?.[row] ?? createId(now())),
    predict: (_inputs, run) => run(createId(now())),
    recordOutcome() {},
  };
}
