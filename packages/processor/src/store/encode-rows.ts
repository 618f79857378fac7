import type { InputValue, MetricPoint, OutcomeRecord, PredictionRecord } from "@tidemark/schema";
import { encodeModelKey } from "./encode-model-key.ts";
import type { RowBuffer } from "./row-buffer.ts";

const INPUT_KIND = { null: 0, number: 1, string: 2, boolean: 3 } as const;
const TEMPORALITY = { delta: 0, cumulative: 1, gauge: 2 } as const;

/** Appends one row of the table `prediction`. Inputs go in the order of their names, so that equal content is equal bytes. */
export function encodePrediction(rows: RowBuffer, record: PredictionRecord): void {
  encodeModelKey(rows, record);
  rows.string(record.id);
  rows.int64(record.timeUnixNano);
  rows.nullableString(record.label);
  rows.nullableFloat64(record.score);
  rows.nullableFloat64(record.value);
  rows.float64(record.samplingProbability);
  rows.string(record.traceId);
  rows.strings(segmentTexts(record.segments));
  encodeInputs(rows, record.inputs);
  rows.rows++;
}

/** Appends one row of the table `attribution`, in the order of the names; none where the record has no attributions. */
export function encodeAttributions(rows: RowBuffer, record: PredictionRecord): void {
  encodeNamedNumbers(rows, record, record.attributions);
}

/** Appends one row of the table `class_probability`, in the order of the classes; none where the record has no probabilities. */
export function encodeProbabilities(rows: RowBuffer, record: PredictionRecord): void {
  encodeNamedNumbers(rows, record, record.probabilities);
}

/** Appends one row of the table `member_answer`, in the order of the names; none where no member answered. */
export function encodeMemberAnswers(rows: RowBuffer, record: PredictionRecord): void {
  const { memberAnswers = {} } = record;
  const names = Object.keys(memberAnswers).sort();
  if (names.length === 0) return;
  encodeModelKey(rows, record);
  rows.string(record.id);
  rows.int64(record.timeUnixNano);
  rows.strings(names);
  rows.length(names.length);
  for (const name of names) rows.float64(inputNumber(memberAnswers[name]!));
  rows.length(names.length);
  for (const name of names) rows.string(inputText(memberAnswers[name]!));
  rows.rows++;
}

/** Appends one row of the table `vector`, in the order of the names; none where the record has no vectors. */
export function encodeVectors(rows: RowBuffer, record: PredictionRecord): void {
  const { vectors = {} } = record;
  const names = Object.keys(vectors).sort();
  if (names.length === 0) return;
  encodeModelKey(rows, record);
  rows.string(record.id);
  rows.int64(record.timeUnixNano);
  rows.float64(record.samplingProbability);
  rows.strings(names);
  rows.length(names.length);
  for (const name of names) rows.float32s(vectors[name]!);
  rows.rows++;
}

/** Appends one row of the table `outcome`. */
export function encodeOutcome(rows: RowBuffer, record: OutcomeRecord): void {
  rows.string(record.tenant);
  rows.string(record.model);
  rows.string(record.id);
  rows.int64(record.timeUnixNano);
  rows.string(record.kind);
  rows.nullableString(record.label);
  rows.nullableFloat64(record.value);
  rows.uint8(record.position === null ? 1 : 0);
  if (record.position !== null) rows.uint32(record.position);
  rows.rows++;
}

/** Appends one row of the table `metric_point`; `boundary` is the hash of the point's boundaries, 0 for none. */
export function encodeMetricPoint(rows: RowBuffer, point: MetricPoint, boundary: bigint): void {
  encodeModelKey(rows, point);
  rows.string(point.service);
  rows.string(point.instance);
  rows.string(point.metric);
  rows.string(point.feature);
  rows.string(point.key);
  rows.string(point.segment);
  rows.uint64(BigInt(`0x${point.series}`));
  rows.uint8(TEMPORALITY[point.temporality]);
  rows.int64(point.startUnixNano);
  rows.int64(point.timeUnixNano);
  rows.uint64(point.count);
  rows.float64(point.sum);
  rows.uint64(boundary);
  rows.length(point.bucketCounts.length);
  for (const count of point.bucketCounts) rows.uint64(count);
  rows.rows++;
}

/** Appends one row of the table `boundary`. */
export function encodeBoundary(rows: RowBuffer, hash: bigint, boundaries: readonly number[]): void {
  rows.uint64(hash);
  rows.length(boundaries.length);
  for (const boundary of boundaries) rows.float64(boundary);
  rows.rows++;
}

function encodeNamedNumbers(
  rows: RowBuffer,
  record: PredictionRecord,
  numbers: Readonly<Record<string, number>> = {},
): void {
  const names = Object.keys(numbers).sort();
  if (names.length === 0) return;
  encodeModelKey(rows, record);
  rows.string(record.id);
  rows.int64(record.timeUnixNano);
  rows.float64(record.samplingProbability);
  rows.strings(names);
  rows.length(names.length);
  for (const name of names) rows.float64(numbers[name]!);
  rows.rows++;
}

function segmentTexts(segments: PredictionRecord["segments"]): readonly string[] {
  const names = Object.keys(segments);
  return names.length === 0 ? names : names.map((name) => `${name}=${segments[name]}`).sort();
}

function encodeInputs(rows: RowBuffer, inputs: PredictionRecord["inputs"]): void {
  const names = Object.keys(inputs).sort();
  rows.strings(names);
  rows.length(names.length);
  for (const name of names) rows.uint8(INPUT_KIND[inputKind(inputs[name] ?? null)]);
  rows.length(names.length);
  for (const name of names) rows.float64(inputNumber(inputs[name] ?? null));
  rows.length(names.length);
  for (const name of names) rows.string(inputText(inputs[name] ?? null));
}

function inputKind(value: InputValue): keyof typeof INPUT_KIND {
  return value === null ? "null" : (typeof value as "number" | "string" | "boolean");
}

function inputNumber(value: InputValue): number {
  return typeof value === "number" ? value : Number.NaN;
}

function inputText(value: InputValue): string {
  return typeof value === "string" ? value : typeof value === "boolean" ? String(value) : "";
}
