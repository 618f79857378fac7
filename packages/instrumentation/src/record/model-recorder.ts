import { recordCallSpan } from "./call-span.ts";
import { LiveCall } from "./live-call.ts";
import { eventTimeOf, idOf, recordCall, recordPrediction } from "./record-prediction.ts";
import type { BatchRecord, Inputs, Outcome, Prediction, PredictionRecord } from "./record-types.ts";
import type { RecorderParts } from "./recorder-parts.ts";

/** Records what one described model predicts. No method throws. */
export interface ModelRecorder {
  /** Records a prediction that has been made. Returns its id. */
  record(prediction: PredictionRecord): string;
  /** Records the predictions of one call. Returns their ids, one for each of `inputs`. */
  recordBatch(batch: BatchRecord): string[];
  /**
   * Runs a prediction inside a span, times it and records it. Returns what `run` returns and throws what it throws,
   * at once or as a promise.
   *
   * @param run makes the prediction; gets the id under which it will be recorded
   * @param toPrediction reads score, label or value from the result; an exception of its own is only counted
   */
  predict<T>(inputs: Inputs, run: (id: string) => T, toPrediction?: (result: Awaited<T>) => Prediction): T;
  /** Reports the ground truth of a prediction, now or much later. */
  recordOutcome(outcome: Outcome): void;
}

export function createModelRecorder(parts: RecorderParts, recordOutcome: (outcome: Outcome) => void): ModelRecorder {
  const spanName = `predict ${parts.modelName}`;
  return {
    record(prediction) {
      let id = "";
      try {
        const timeMs = eventTimeOf(parts, prediction.timeMs);
        id = idOf(parts, prediction.id, timeMs);
        const { inputs, durationSeconds } = prediction;
        const failure = failureOf(prediction.error);
        const context = recordCallSpan(parts, spanName, { timeMs, durationSeconds, failure, id, prediction });
        recordCall(parts, timeMs, { size: 1, durationSeconds, failure });
        if (failure === null) recordPrediction(parts, id, timeMs, inputs, prediction, context);
      } catch (error) {
        parts.drops.addError(error);
        id ||= parts.createId(parts.now());
      }
      return id;
    },

    recordBatch(batch) {
      const ids: string[] = [];
      try {
        const { inputs, scores, labels, values, timesMs, durationSeconds } = batch;
        const now = parts.now();
        const firstMs = eventTimeOf(parts, timesMs?.[0] ?? now);
        const failure = failureOf(batch.error);
        const context = recordCallSpan(parts, spanName, { timeMs: firstMs, durationSeconds, failure });
        recordCall(parts, firstMs, { size: inputs.length, durationSeconds, failure });
        for (let row = 0; row < inputs.length; row++) {
          const timeMs = eventTimeOf(parts, timesMs?.[row] ?? now);
          const id = idOf(parts, batch.ids?.[row], timeMs);
          ids.push(id);
          if (failure !== null) continue;
          const prediction = { score: scores?.[row], label: labels?.[row], value: values?.[row] };
          recordPrediction(parts, id, timeMs, inputs[row]!, prediction, context);
        }
      } catch (error) {
        parts.drops.addError(error);
      }
      return ids;
    },

    predict(inputs, run, toPrediction) {
      return new LiveCall(parts, spanName).run(inputs, run, toPrediction);
    },

    recordOutcome,
  };
}

function failureOf(error: unknown): { error: unknown } | null {
  return error === undefined || error === null ? null : { error };
}
