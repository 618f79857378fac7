import type { Context } from "@opentelemetry/api";
import type { FeatureRow } from "../aggregate/feature-row.ts";
import type { TimedCall } from "../aggregate/model-aggregate.ts";
import type { DropCounter } from "../safety/drop-counter.ts";
import { describeValue } from "../safety/warn.ts";
import { errorTypeOf } from "./error-type.ts";
import { isEventTime } from "./event-time.ts";
import type { EnsemblePrediction, Inputs } from "./record-types.ts";
import type { RecorderParts } from "./recorder-parts.ts";
import { withTopClass } from "./with-top-class.ts";

const MAX_ID_LENGTH = 256;

/** Counts one answered prediction and sends its event; where sending throws, the count stands. */
export function recordPrediction(
  { counter, drops, events, eventAttributes, inputFilter }: RecorderParts,
  id: string,
  timeMs: number,
  inputs: Inputs | FeatureRow,
  prediction: EnsemblePrediction,
  context: Context | undefined,
): void {
  counter.countPrediction(timeMs, inputs, prediction);
  if (events === null) return;
  try {
    const probability = events.admit(id, timeMs, prediction, context, counter);
    if (probability === 0) return;
    // Before the inputs are read again: a getter may record another prediction of this model.
    const segments = counter.lastSegments();
    const sent = inputFilter === null ? null : inputFilter(id, inputs);
    events.emitPrediction(
      {
        model: eventAttributes,
        id,
        timeMs,
        prediction: withProbabilities(prediction, drops),
        context,
        inputs: sent,
        segments,
      },
      probability,
    );
  } catch (error) {
    drops.addError(error);
  }
}

/** With what a function of probabilities gives, now that there is an event to carry it. */
function withProbabilities(prediction: EnsemblePrediction, drops: DropCounter): EnsemblePrediction {
  const { probabilities } = prediction;
  return typeof probabilities === "function"
    ? withTopClass({ ...prediction, probabilities: probabilities() }, drops)
    : prediction;
}

/** Counts one call: its size, and how long it took or how it failed. Allocates nothing where all is as it should be. */
export function recordCall(
  { counter, drops }: Pick<RecorderParts, "counter" | "drops">,
  timeMs: number | undefined,
  size: number,
  call: FinishedCall,
): void {
  const isFailed = hasFailed(call.error);
  const isTimed = counter.countCall(timeMs, size, isFailed ? UNTIMED : call);
  if (isFailed) counter.countFailures(timeMs, errorTypeOf(call.error), size);
  else if (!isTimed && call.durationSeconds !== undefined) {
    drops.add(
      "invalid_field",
      () => `durationSeconds is ${describeValue(call.durationSeconds)}, expected a number from 0`,
    );
  }
}

/** A call that is over. */
interface FinishedCall extends TimedCall {
  readonly error?: unknown;
}

const UNTIMED: TimedCall = {};

/** Whether a call or prediction is a failure: it names an error. */
export function hasFailed(error: unknown): boolean {
  return error !== undefined && error !== null;
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
