import type { InputValue } from "@tidemark/schema";
import { attr, fromEventNumber, MAX_VECTORS } from "@tidemark/semconv";
import { type AttributeValue, MAX_INPUTS } from "../attribute-value.ts";

/** The attributes of a log record or span that matter to us; each has its place in `RecordDraft.values`. */
const recordKeys = [
  attr.modelName,
  attr.modelVersion,
  attr.deploymentRole,
  attr.inferenceId,
  attr.predictionLabel,
  attr.predictionScore,
  attr.predictionValue,
  attr.samplingProbability,
  attr.segmentName,
  attr.segmentValue,
  attr.outcomeKind,
  attr.outcomeLabel,
  attr.outcomeValue,
  attr.outcomePosition,
  attr.inferenceAttributions,
  attr.predictionProbabilities,
  attr.ensembleAnswers,
  "event.name",
] as const;

export type RecordKey = (typeof recordKeys)[number];

const SLOT_OF_KEY: ReadonlyMap<string, number> = new Map(recordKeys.map((key, slot) => [key, slot]));

/** Feature values as they arrived. What is neither scalar nor vector is left out, and kept account of. */
export interface InputsDraft {
  readonly values: Record<string, InputValue>;
  /** Null while there are none. */
  vectors: Map<string, Float32Array> | null;
  count: number;
  /** Name of the first input that was a map. */
  nested: string | null;
  /** Bytes and arrays that are no vectors, or are too many or too long; they are not kept. */
  ignored: number;
}

/** A log record or span as read from either encoding, before any check. One draft serves a whole request. */
export class RecordDraft {
  /** LogRecord.event_name. */
  eventName = "";
  timeUnixNano = 0n;
  observedUnixNano = 0n;
  /** Lowercase hex, as sent. */
  traceId = "";
  attributeCount = 0;
  inputs: InputsDraft | null = null;
  /** `ml.inference.inputs` as sent, where it is no map. */
  inputsValue: AttributeValue | undefined = undefined;
  private readonly values: (AttributeValue | undefined)[] = new Array<undefined>(recordKeys.length).fill(undefined);

  reset(): void {
    this.eventName = "";
    this.timeUnixNano = 0n;
    this.observedUnixNano = 0n;
    this.traceId = "";
    this.attributeCount = 0;
    this.inputs = null;
    this.inputsValue = undefined;
    this.values.fill(undefined);
  }

  value(key: RecordKey): AttributeValue | undefined {
    return this.values[SLOT_OF_KEY.get(key)!];
  }

  /** The attributes of ours that came, by key. */
  known(): [key: string, value: AttributeValue][] {
    return recordKeys.flatMap((key, slot): [string, AttributeValue][] => {
      const value = this.values[slot];
      return value === undefined ? [] : [[key, value]];
    });
  }

  set(slot: number, value: AttributeValue): void {
    this.values[slot] = value;
  }
}

/** Place of an attribute in a draft; undefined for attributes that are not ours. */
export function slotOfKey(key: string): number | undefined {
  return SLOT_OF_KEY.get(key);
}

export function createInputsDraft(): InputsDraft {
  return { values: {}, vectors: null, count: 0, nested: null, ignored: 0 };
}

/** Notes one input; a later value of the same name wins. `__proto__` is a name like any other. */
export function addInput(inputs: InputsDraft, name: string, value: AttributeValue): void {
  inputs.count++;
  if (inputs.count > MAX_INPUTS) return;
  if (typeof value === "object" && value !== null) {
    if (value instanceof Map) inputs.nested ??= name;
    else inputs.ignored++;
    return;
  }
  const scalar =
    typeof value === "string" ? (fromEventNumber(value) ?? value) : typeof value === "bigint" ? Number(value) : value;
  if (name === "__proto__") {
    Object.defineProperty(inputs.values, name, { value: scalar, enumerable: true, configurable: true, writable: true });
  } else {
    inputs.values[name] = scalar;
  }
}

/** Notes one input that is an array: a vector, or null where it is none. A later value of the same name wins. */
export function addVector(inputs: InputsDraft, name: string, vector: Float32Array | null): void {
  inputs.count++;
  if (inputs.count > MAX_INPUTS) return;
  const vectors = inputs.vectors ?? new Map<string, Float32Array>();
  if (vector === null || (vectors.size === MAX_VECTORS && !vectors.has(name))) inputs.ignored++;
  else inputs.vectors = vectors.set(name, vector);
}
