import type { IdGenerator } from "../ids/uuid-v7.ts";
import type { ModelRecorder } from "./model-recorder.ts";

/** Stands in for a model that could not be described: ids are given and predictions run, nothing is recorded. */
export function createIdleRecorder(createId: IdGenerator): ModelRecorder {
  const newId = () => createId(Date.now());
  const idOf = (given: unknown) => (typeof given === "string" && given !== "" ? given : newId());
  return {
    name: "",
    count() {},
    record(prediction) {
      try {
        return idOf(prediction.id);
      } catch {
        return newId();
      }
    },
    recordBatch(batch) {
      try {
        return Array.from(batch.inputs, (_, row) => idOf(batch.ids?.[row]));
      } catch {
        return [];
      }
    },
    predict: (_inputs, run) => run(newId()),
    recordOutcome() {},
  };
}
