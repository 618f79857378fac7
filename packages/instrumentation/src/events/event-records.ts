import type { Attributes, Context } from "@opentelemetry/api";
import { attr, event, toEventNumber } from "@tidemark/semconv";
import { toHrTime } from "../export/hr-time.ts";
import { labelText } from "../record/label-text.ts";
import type { EnsemblePrediction, Inputs, Outcome } from "../record/record-types.ts";
import type { LogRecord } from "./find-logger.ts";
import { memberAnswers } from "./member-answers.ts";

const SEVERITY_INFO = 9;

/** One answered prediction, as far as it may be told. */
export interface PredictionEvent {
  /** The attributes that every event of the model has. */
  readonly model: Attributes;
  readonly id: string;
  readonly timeMs: number;
  readonly prediction: EnsemblePrediction;
  readonly context: Context | undefined;
  /** What may leave the service of the inputs; null for nothing. */
  readonly inputs: Inputs | null;
  readonly segments: Readonly<Record<string, string>>;
}

export function predictionRecord({
  model,
  id,
  timeMs,
  prediction,
  context,
  inputs,
  segments,
}: PredictionEvent): LogRecord {
  const { score, label, value, contribution, attributions, probabilities, members } = prediction;
  const attributes: Record<string, unknown> = { ...model, [attr.inferenceId]: id };
  const text = labelText(label);
  if (text !== undefined) attributes[attr.predictionLabel] = text;
  if (isFiniteNumber(score)) attributes[attr.predictionScore] = toEventNumber(score);
  if (isFiniteNumber(value)) attributes[attr.predictionValue] = toEventNumber(value);
  if (isFiniteNumber(contribution)) attributes[attr.ensembleContribution] = toEventNumber(contribution);
  if (attributions !== undefined && attributions !== null) {
    const finite = Object.entries(attributions).flatMap(([name, each]) =>
      isFiniteNumber(each) ? [[name, toEventNumber(each)]] : [],
    );
    if (finite.length > 0) attributes[attr.inferenceAttributions] = Object.fromEntries(finite);
  }
  if (typeof probabilities === "object" && probabilities !== null) {
    attributes[attr.predictionProbabilities] = Object.fromEntries(
      Object.entries(probabilities).map(([name, each]) => [name, toEventNumber(each)]),
    );
  }
  if (Array.isArray(members)) {
    const answers = memberAnswers(members);
    if (answers !== null) attributes[attr.ensembleAnswers] = answers;
  }
  const names = Object.keys(segments);
  if (names.length > 0) {
    attributes[attr.segmentName] = names;
    attributes[attr.segmentValue] = names.map((name) => segments[name]);
  }
  if (inputs !== null) attributes[attr.inferenceInputs] = inputs;
  const record = eventRecord(event.inferenceDetails, timeMs, attributes);
  return context === undefined ? record : { ...record, context };
}

export function outcomeRecord(modelName: string, timeMs: number, outcome: Outcome): LogRecord {
  const { id, kind, label, value, position } = outcome;
  const text = labelText(label);
  const attributes: Attributes = {
    [attr.modelName]: modelName,
    [attr.inferenceId]: id,
    [attr.outcomeKind]: kind ?? (text === undefined ? "value" : "class"),
  };
  if (text !== undefined) attributes[attr.outcomeLabel] = text;
  if (isFiniteNumber(value)) attributes[attr.outcomeValue] = toEventNumber(value);
  if (isFiniteNumber(position)) attributes[attr.outcomePosition] = toEventNumber(position);
  return eventRecord(event.outcomeReported, timeMs, attributes);
}

/** The record with its inclusion probability, by whose inverse every statistic weighs. */
export function withProbability(record: LogRecord, probability: number): LogRecord {
  return { ...record, attributes: { ...record.attributes, [attr.samplingProbability]: probability } };
}

function eventRecord(eventName: string, timeMs: number, attributes: Readonly<Record<string, unknown>>): LogRecord {
  return { eventName, timestamp: toHrTime(timeMs), severityNumber: SEVERITY_INFO, attributes };
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
