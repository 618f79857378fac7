import type { IdGenerator } from "../ids/uuid-v7.ts";
import type { ModelRecorder } from "./model-recorder.ts";

/** Stands in for a model that could not be described: ids are given and predictions run, nothing is recorded. */
export function createIdleRecorder(createId: IdGenerator): ModelRecorder {
  const newId = () => createId(Date.now());
  return {
    record(prediction) {
      try {
        return prediction.id ?? newId();
      } catch {
        return newId();
      }
    },
    recordBatch(batch) {
      try {
        return Array.from(batch.inputs, (_, row) => batch.ids?.[row] ?? newId());
      } catch {
        return [];
      }
    },
    predict: (_inputs, run) => run(newId()),
    recordOutcome() {},
  };
}
