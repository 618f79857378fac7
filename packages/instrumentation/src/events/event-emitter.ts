import type { Attributes, Context } from "@opentelemetry/api";
import { attr, event } from "@tidemark/semconv";
import { toHrTime } from "../export/hr-time.ts";
import { labelText } from "../record/label-text.ts";
import type { Inputs, Outcome, Prediction } from "../record/record-types.ts";
import type { DropCounter } from "../safety/drop-counter.ts";
import { findLogger, type Logger, type LoggerProvider } from "./find-logger.ts";
import { isSampled } from "./is-sampled.ts";

const SEVERITY_INFO = 9;
/** While no provider is registered, it is looked for at every so many events. */
const LOOKUP_INTERVAL = 100;

export interface EventOptions {
  readonly loggerProvider: LoggerProvider | undefined;
  /** Probability in (0, 1] with which the records of an inference are kept. */
  readonly probability: number;
  readonly drops: DropCounter;
}

/** Sends prediction and outcome events through the host's logger provider. */
export class EventEmitter {
  readonly #options: EventOptions;
  #logger: Logger | null = null;
  #missed = 0;

  constructor(options: EventOptions) {
    this.#options = options;
  }

  /**
   * @param model the attributes that every event of the model has
   * @param inputs what may leave the service of the inputs; null for nothing
   */
  emitPrediction(
    model: Attributes,
    id: string,
    timeMs: number,
    { score, label, value }: Prediction,
    inputs: Inputs | null,
    context: Context | undefined,
  ): void {
    const { probability } = this.#options;
    if (!isSampled(id, probability)) return;
    const logger = this.#findLogger();
    if (logger === null) return;
    const attributes: Attributes = { ...model, [attr.inferenceId]: id };
    if (probability < 1) attributes[attr.samplingProbability] = probability;
    const text = labelText(label);
    if (text !== undefined) attributes[attr.predictionLabel] = text;
    if (isFiniteNumber(score)) attributes[attr.predictionScore] = score;
    if (isFiniteNumber(value)) attributes[attr.predictionValue] = value;
    if (inputs !== null) (attributes as Record<string, unknown>)[attr.inferenceInputs] = inputs;
    const record = {
      eventName: event.inferenceDetails,
      timestamp: toHrTime(timeMs),
      severityNumber: SEVERITY_INFO,
      attributes,
    };
    logger.emit(context === undefined ? record : { ...record, context });
  }

  emitOutcome(modelName: string, timeMs: number, { id, kind, label, value, position }: Outcome): void {
    if (!isSampled(id, this.#options.probability)) return;
    const logger = this.#findLogger();
    if (logger === null) return;
    const text = labelText(label);
    const attributes: Attributes = {
      [attr.modelName]: modelName,
      [attr.inferenceId]: id,
      [attr.outcomeKind]: kind ?? (text === undefined ? "value" : "class"),
    };
    if (text !== undefined) attributes[attr.outcomeLabel] = text;
    if (isFiniteNumber(value)) attributes[attr.outcomeValue] = value;
    if (isFiniteNumber(position)) attributes[attr.outcomePosition] = position;
    logger.emit({
      eventName: event.outcomeReported,
      timestamp: toHrTime(timeMs),
      severityNumber: SEVERITY_INFO,
      attributes,
    });
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

function isFiniteNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
