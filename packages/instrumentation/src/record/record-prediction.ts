import type { Context } from "@opentelemetry/api";
import { describeValue } from "../safety/warn.ts";
import { errorTypeOf } from "./error-type.ts";
import { isEventTime } from "./event-time.ts";
import type { Inputs, Prediction } from "./record-types.ts";
import type { RecorderParts } from "./recorder-parts.ts";

const MAX_ID_LENGTH = 256;

/** Counts one answered prediction and sends its event; where sending throws, the count stands. */
export function recordPrediction(
  { counter, drops, events, eventAttributes, inputFilter }: RecorderParts,
  id: string,
  timeMs: number,
  inputs: Inputs,
  prediction: Prediction,
  context: Context | undefined,
): void {
  counter.aggregateAt(timeMs).recordPrediction(inputs, prediction);
  if (events === null) return;
  try {
    const sent = inputFilter === null ? null : inputFilter(inputs);
    events.emitPrediction(eventAttributes, id, timeMs, prediction, sent, context);
  } catch (error) {
    drops.addError(error);
  }
}

/** Counts one call: its size, and how long it took or how it failed. */
export function recordCall(
  { counter, drops }: RecorderParts,
  timeMs: number,
  call: { readonly size: number; readonly durationSeconds: unknown; readonly failure: { error: unknown } | null },
): void {
  const aggregate = counter.aggregateAt(timeMs);
  aggregate.batchSize.record(call.size);
  if (call.failure !== null) aggregate.recordFailure(errorTypeOf(call.failure.error), call.size);
  else if (isDuration(call.durationSeconds)) aggregate.duration.record(call.durationSeconds);
  else if (call.durationSeconds !== undefined) {
    drops.add(
      "invalid_field",
      () => `durationSeconds is ${describeValue(call.durationSeconds)}, expected a number from 0`,
    );
  }
}

/** The given event time, or now where none is given or it is not a time. */
export function eventTimeOf({ now, drops }: Pick<RecorderParts, "now" | "drops">, given: unknown): number {
  if (isEventTime(given)) return given;
  if (given !== undefined && given !== null) {
    drops.add("invalid_field", () => `timeMs is ${describeValue(given)}, expected Unix milliseconds`);
  }
  return now();
}

/** The given id, or a new one where none is given or it is not text of 1 to 256 characters. */
export function idOf({ createId, drops }: RecorderParts, given: unknown, timeMs: number): string {
  if (typeof given === "string" && given.length > 0 && given.length <= MAX_ID_LENGTH) return given;
  if (given !== undefined && given !== null) {
    drops.add(
      "invalid_field",
      () => `id is of type ${typeof given}, expected text of 1 to ${MAX_ID_LENGTH} characters`,
    );
  }
  return createId(timeMs);
}

/** A duration in seconds that can be counted. */
export function isDuration(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && Number.isFinite(value);
}
