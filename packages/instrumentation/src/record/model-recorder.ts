import type { FeatureRow } from "../aggregate/feature-row.ts";
import { describeValue } from "../safety/warn.ts";
import { recordCallSpan } from "./call-span.ts";
import { LiveCall } from "./live-call.ts";
import { memberRow, recordMemberBatches, recordMembers } from "./record-members.ts";
import { eventTimeOf, hasFailed, idOf, recordCall, recordPrediction } from "./record-prediction.ts";
import type {
  BatchRecord,
  CountedPrediction,
  EnsemblePrediction,
  Inputs,
  MemberBatch,
  Outcome,
  PredictionRecord,
} from "./record-types.ts";
import type { RecorderParts } from "./recorder-parts.ts";
import { withTopClass } from "./with-top-class.ts";

export interface PredictOptions {
  /** Id of the prediction; a UUIDv7 unless given. */
  readonly id?: string | undefined;
}

/** Records what one described model predicts. No method throws. */
export interface ModelRecorder {
  /** Name of the model. */
  readonly name: string;
  /**
   * Counts a prediction that has been made, and no more: no id, no event, no span. For a service that counts every
   * nanosecond: allocates nothing for a record that is as it should be.
   */
  count(prediction: CountedPrediction): void;
  /** Records a prediction that has been made. Returns its id. */
  record(prediction: PredictionRecord): string;
  /** Records the predictions of one call. Returns their ids, one for each of `inputs`. */
  recordBatch(batch: BatchRecord): string[];
  /**
   * Runs a prediction inside a span, times it and records it. Returns what `run` returns and throws what it throws,
   * at once or as a promise.
   *
   * @param run makes the prediction; gets the id under which it will be recorded
   * @param toPrediction reads score, label, value or members from the result; an exception of its own is only counted
   * @param options the id of the request, where it has one: champion and shadow then share it
   */
  predict<T>(
    inputs: Inputs | FeatureRow,
    run: (id: string) => T,
    toPrediction?: (result: Awaited<T>) => EnsemblePrediction,
    options?: PredictOptions,
  ): T;
  /** Reports the ground truth of a prediction, now or much later. */
  recordOutcome(outcome: Outcome): void;
}

export function createModelRecorder(parts: RecorderParts, recordOutcome: (outcome: Outcome) => void): ModelRecorder {
  const spanName = `${parts.operation} ${parts.modelName}`;
  return {
    name: parts.modelName,

    count(prediction) {
      try {
        const { inputs, timeMs: given, error } = prediction;
        const timeMs = given === undefined ? undefined : eventTimeOf(parts, given);
        recordCall(parts, timeMs, 1, prediction);
        if (!hasFailed(error)) parts.counter.countPrediction(timeMs, inputs, withTopClass(prediction, parts.drops));
      } catch (error) {
        parts.drops.addError(error);
      }
    },

    record(given) {
      let id = "";
      try {
        const prediction = withTopClass(given, parts.drops);
        const timeMs = eventTimeOf(parts, prediction.timeMs);
        id = idOf(parts, prediction.id, timeMs);
        const { inputs, durationSeconds, error } = prediction;
        const context = recordCallSpan(parts, spanName, { timeMs, durationSeconds, error, id, prediction });
        recordCall(parts, timeMs, 1, prediction);
        if (!hasFailed(error)) recordPrediction(parts, id, timeMs, inputs, prediction, context);
        if (prediction.members !== undefined) recordMembers(prediction, id, timeMs, context);
      } catch (error) {
        parts.drops.addError(error);
        id ||= parts.createId(parts.now());
      }
      return id;
    },

    recordBatch(batch) {
      const ids: string[] = [];
      try {
        const {
          inputs,
          scores,
          labels,
          values,
          segments,
          contributions,
          probabilities,
          timesMs,
          durationSeconds,
          error,
        } = batch;
        const members = membersOf(parts, batch.members);
        const now = parts.now();
        const firstMs = eventTimeOf(parts, timesMs?.[0] ?? now);
        const context = recordCallSpan(parts, spanName, { timeMs: firstMs, durationSeconds, error });
        recordCall(parts, firstMs, inputs.length, batch);
        const isFailed = hasFailed(error);
        for (let row = 0; row < inputs.length; row++) {
          const timeMs = eventTimeOf(parts, timesMs?.[row] ?? now);
          const id = idOf(parts, batch.ids?.[row], timeMs);
          ids.push(id);
          if (isFailed) continue;
          const prediction = {
            score: scores?.[row],
            label: labels?.[row],
            value: values?.[row],
            segments: segments?.[row],
            probabilities: probabilities?.[row],
            contribution: contributions?.[row],
            members: members === undefined ? undefined : memberRow(members, row),
          };
          recordPrediction(parts, id, timeMs, inputs[row]!, withTopClass(prediction, parts.drops), context);
        }
        if (members !== undefined) recordMemberBatches(members, batch, ids, context);
      } catch (error) {
        parts.drops.addError(error);
      }
      return ids;
    },

    predict(inputs, run, toPrediction, options) {
      return new LiveCall(parts, spanName, options?.id).run(inputs, run, toPrediction);
    },

    recordOutcome,
  };
}

/** Members that are none do not keep the batch from being recorded. */
function membersOf({ drops }: RecorderParts, members: unknown): readonly MemberBatch[] | undefined {
  if (members === undefined) return undefined;
  const isMember = (each: unknown) =>
    typeof each === "object" && each !== null && "model" in each && each.model !== null;
  if (Array.isArray(members) && members.every(isMember)) return members as MemberBatch[];
  drops.add("invalid_field", () => `members is ${describeValue(members)}, expected a list of { model, scores, ... }`);
  return undefined;
}
