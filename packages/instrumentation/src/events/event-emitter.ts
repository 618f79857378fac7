import { type Context, context as contextApi, trace } from "@opentelemetry/api";
import type { Outcome, Prediction } from "../record/record-types.ts";
import type { DropCounter } from "../safety/drop-counter.ts";
import { RecordSampler } from "../sampling/record-sampler.ts";
import type { SamplingPlan } from "../sampling/sampling.ts";
import { outcomeRecord, type PredictionEvent, predictionRecord, withProbability } from "./event-records.ts";
import { findLogger, type Logger, type LoggerProvider, type LogRecord } from "./find-logger.ts";
import { PendingRecords } from "./pending-records.ts";

/** While no provider is registered, it is looked for at every so many events. */
const LOOKUP_INTERVAL = 100;

export interface EventOptions {
  readonly loggerProvider: LoggerProvider | undefined;
  readonly sampling: SamplingPlan;
  readonly drops: DropCounter;
  /** Uniform in [0, 1): what a reservoir chooses by. */
  readonly random: () => number;
}

/** Sends prediction and outcome events through the host's logger provider, as far as sampling wants them. */
export class EventEmitter {
  readonly #options: EventOptions;
  readonly #sampler: RecordSampler;
  /** Null without a reservoir. */
  readonly #pending: PendingRecords | null;
  #logger: Logger | null = null;
  #missed = 0;

  constructor(options: EventOptions) {
    const { sampling, random } = options;
    this.#options = options;
    this.#sampler = new RecordSampler(sampling);
    const rest = { random, sampler: this.#sampler, emit: (record: LogRecord) => this.#emitSafely(record) };
    this.#pending = sampling.reservoir === null ? null : new PendingRecords({ ...sampling.reservoir, ...rest });
  }

  /**
   * Whether a prediction shall have an event: the probability with which it was chosen, for the `emitPrediction` that must
   * follow, or 0. Apart from it, so that what is not sent is not put together either.
   *
   * @param segments reads its segments, where the choice depends on them
   */
  admit(
    id: string,
    timeMs: number,
    prediction: Prediction,
    context: Context | undefined,
    segments: { lastSegments(): Readonly<Record<string, string>> },
  ): number {
    const sampler = this.#sampler;
    const named = sampler.needsSegments ? segments.lastSegments() : NO_SEGMENTS;
    const traceId = this.#options.sampling.isByTrace ? traceIdOf(context) : undefined;
    const probability = sampler.decide(id, traceId, prediction, named);
    if (probability === 0) return 0;
    if (this.#pending !== null) return this.#pending.offer(id, timeMs) ? probability : 0;
    return this.#findLogger() === null ? 0 : probability;
  }

  emitPrediction(event: PredictionEvent, probability: number): void {
    const record = predictionRecord(event);
    if (this.#pending !== null) this.#pending.put(event.id, record, probability);
    else this.#emit(withProbability(record, probability));
  }

  emitOutcome(modelName: string, timeMs: number, outcome: Outcome): void {
    if (this.#pending?.isPending(outcome.id)) {
      this.#pending.putOutcome(outcome.id, outcomeRecord(modelName, timeMs, outcome));
    } else if (this.#sampler.followsOutcome(outcome.id)) this.#emit(outcomeRecord(modelName, timeMs, outcome));
  }

  /** Sends what waits in the reservoir. */
  flush(): void {
    this.#pending?.flush();
  }

  #emit(record: LogRecord): void {
    this.#findLogger()?.emit(record);
  }

  /** For what a timer sends: nobody is there to catch it. */
  #emitSafely(record: LogRecord): void {
    try {
      this.#emit(record);
    } catch (error) {
      this.#options.drops.addError(error);
    }
  }

  #findLogger(): Logger | null {
    if (this.#logger !== null) return this.#logger;
    if (this.#missed % LOOKUP_INTERVAL === 0) this.#logger = findLogger(this.#options.loggerProvider);
    if (this.#logger !== null) return this.#logger;
    this.#missed++;
    this.#options.drops.add("no_logger", () => "no logger provider is registered, so events go nowhere");
    return null;
  }
}

const NO_SEGMENTS: Readonly<Record<string, string>> = {};

function traceIdOf(context: Context | undefined): string | undefined {
  const span = trace.getSpanContext(context ?? contextApi.active());
  return span !== undefined && trace.isSpanContextValid(span) ? span.traceId : undefined;
}
