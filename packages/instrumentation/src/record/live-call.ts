import { types } from "node:util";
import { type Context, context, type Span, trace } from "@opentelemetry/api";
import type { FeatureRow } from "../aggregate/feature-row.ts";
import { describePrediction, isBelowUnsampled, markFailed } from "./call-span.ts";
import { recordMembers } from "./record-members.ts";
import { idOf, recordCall, recordPrediction } from "./record-prediction.ts";
import type { EnsemblePrediction, Inputs } from "./record-types.ts";
import type { RecorderParts } from "./recorder-parts.ts";
import { withTopClass } from "./with-top-class.ts";

const MS_PER_SECOND = 1_000;
/** Stands for a rejection with nothing. */
const NO_REASON = "undefined";
const NO_PREDICTION: EnsemblePrediction = {};

/** A call in flight: from its span to its record. */
export class LiveCall {
  readonly #id: string;
  /** With the span of the call; undefined where there is none. */
  readonly #context: Context | undefined;
  readonly #parts: RecorderParts;
  readonly #timeMs: number;
  readonly #startMs = performance.now();
  readonly #span: Span | undefined;

  constructor(parts: RecorderParts, spanName: string, id: unknown) {
    this.#parts = parts;
    this.#timeMs = parts.now();
    this.#id = idOf(parts, id, this.#timeMs);
    parts.counter.active += 1;
    try {
      const active = context.active();
      if (parts.tracer === null || isBelowUnsampled(active)) return;
      this.#span = parts.tracer.startSpan(spanName, { kind: parts.spanKind });
      this.#context = trace.setSpan(active, this.#span);
      if (this.#span.isRecording()) this.#span.setAttributes(parts.spanAttributes);
    } catch (error) {
      parts.drops.addError(error);
    }
  }

  /** Returns what `run` returns and throws what it throws; nothing else. See `ModelRecorder.predict`. */
  run<T>(
    inputs: Inputs | FeatureRow,
    run: (id: string) => T,
    toPrediction?: (result: Awaited<T>) => EnsemblePrediction,
  ): T {
    let result: T;
    try {
      result = this.#context === undefined ? run(this.#id) : context.with(this.#context, run, undefined, this.#id);
    } catch (error) {
      this.#fail(error);
      throw error;
    }
    // A thenable that is no promise may be lazy: calling its `then` could run a query a second time.
    if (types.isPromise(result)) this.#follow(result as Promise<Awaited<T>>, inputs, toPrediction);
    else this.#succeed(inputs, () => toPrediction?.(result as Awaited<T>));
    return result;
  }

  #follow<R>(promise: Promise<R>, inputs: Inputs | FeatureRow, toPrediction?: (result: R) => EnsemblePrediction): void {
    try {
      promise.then(
        (result) => this.#succeed(inputs, () => toPrediction?.(result)),
        (error) => this.#fail(error),
      );
    } catch (error) {
      this.#finish(() => this.#parts.drops.addError(error));
    }
  }

  #succeed(inputs: Inputs | FeatureRow, toPrediction: () => EnsemblePrediction | undefined): void {
    this.#finish(() => {
      const prediction = withTopClass(this.#read(toPrediction), this.#parts.drops);
      this.#recordCall(undefined);
      recordPrediction(this.#parts, this.#id, this.#timeMs, inputs, prediction, this.#context);
      if (prediction.members !== undefined) {
        recordMembers({ ...prediction, inputs }, this.#id, this.#timeMs, this.#context);
      }
      if (this.#span?.isRecording()) describePrediction(this.#span, this.#id, prediction);
    });
  }

  #fail(error: unknown): void {
    this.#finish(() => {
      this.#recordCall(error ?? NO_REASON);
      if (this.#span?.isRecording()) markFailed(this.#span, error);
    });
  }

  /** The call is over in any case; what our own code throws on the way is only counted. */
  #finish(record: () => void): void {
    this.#parts.counter.active -= 1;
    try {
      record();
    } catch (error) {
      this.#parts.drops.addError(error);
    }
    try {
      this.#span?.end();
    } catch (error) {
      this.#parts.drops.addError(error);
    }
  }

  #recordCall(error: unknown): void {
    const durationSeconds = (performance.now() - this.#startMs) / MS_PER_SECOND;
    recordCall(this.#parts, this.#timeMs, 1, { durationSeconds, error });
  }

  #read(toPrediction: () => EnsemblePrediction | undefined): EnsemblePrediction {
    try {
      return toPrediction() ?? NO_PREDICTION;
    } catch (error) {
      this.#parts.drops.addError(error);
      return NO_PREDICTION;
    }
  }
}
