import type { Profile } from "@tidemark/schema";
import {
  type EstimationSample,
  featureCodes,
  fineFeatureCodes,
  NO_CLASS,
  NO_OUTCOME,
  sampleRows,
} from "@tidemark/signals";
import { quoteText } from "../store/quote.ts";
import { resolvedOutcomes } from "../store/resolved-outcomes.ts";
import { RowReader } from "../store/row-reader.ts";
import type { Store } from "../store/store.ts";
import { cellCodes } from "./cell-codes.ts";
import { equalSample } from "./equal-sample.ts";
import { createCellReader, inputColumns } from "./input-cells.ts";
import { type InputPlaces, readInputPlaces } from "./input-places.ts";
import { CELL } from "./value-cell.ts";
import { WINDOW_CONDITION, type WindowRequest, windowParameters } from "./window-request.ts";

/** Share of the rows that may carry no inputs. */
const MOST_BARE = 0.05;

export interface SampleRequest extends Omit<WindowRequest, "segments"> {
  /** Share of the predictions whose outcomes must be known for the window to be mature. */
  readonly matureCoverage: number;
}

/**
 * At most 20,000 predictions of a window that can be scored, the first by a hash of their id times their sampling
 * probability, with their outcomes: each as rare as it was sampled likely, so that all count the same. Null without a row. The first `matureCoverage` of the
 * outcomes in order of event time count, so that later ones do not change what the window once said.
 */
export async function readEstimationSample(store: Store, request: SampleRequest): Promise<EstimationSample | null> {
  const { profile, outcomeHorizonMs } = request;
  const fields = profile.fields.filter(({ target }) => target === "feature");
  const places = await readInputPlaces(store, request);
  const bytes = await store.queryRowBinary(sampleSql(profile, places, sampleRows(fields.length)), {
    ...windowParameters(request),
    horizon: outcomeHorizonMs,
  });
  const rows = readRows(new RowReader(bytes), createCellReader(fields, places));
  const count = rows.predictions.length;
  if (count === 0) return null;
  const isValue = profile.estimation?.question === "error";
  const carries = carriesInputs(rows.cells);
  const named = fields.flatMap((field, place) =>
    !carries || rows.cells.every((row) => row[place] === CELL.absent) ? [] : [{ field, place }],
  );
  const codes = new Uint8Array(count * named.length);
  named.forEach(({ field, place }, j) => {
    const cells = new Int32Array(count);
    for (let i = 0; i < count; i++) cells[i] = rows.cells[i]![place]!;
    const own = cellCodes(isValue ? fineFeatureCodes(field) : featureCodes(field), cells);
    for (let i = 0; i < count; i++) codes[i * named.length + j] = own[i]!;
  });
  const maturedAtMs = maturity(rows.knownAtMs, request.matureCoverage);
  const outcomes = Float64Array.from(rows.outcomes, (outcome, i) =>
    maturedAtMs !== null && rows.knownAtMs[i]! <= maturedAtMs ? outcome : Number.NaN,
  );
  const common = {
    rows: count,
    timesMs: Float64Array.from(rows.timesMs),
    features: named.map(({ field }) => field.name),
    codes,
    maturedAtMs,
  };
  const predictions = Float64Array.from(rows.predictions);
  if (isValue) return { ...common, kind: "value", predictions, outcomes };
  return {
    ...common,
    kind: "class",
    scores: predictions,
    predicted: Uint8Array.from(rows.predicted),
    outcomes: Uint8Array.from(outcomes, (outcome) => (Number.isNaN(outcome) ? NO_OUTCOME : outcome)),
    classes:
      classNames(profile) === null
        ? null
        : { predicted: Uint8Array.from(rows.classes), outcomes: Uint8Array.from(rows.trueClasses) },
  };
}

function readRows(reader: RowReader, readCells: (reader: RowReader) => Int32Array) {
  const rows = {
    timesMs: [] as number[],
    predictions: [] as number[],
    predicted: [] as number[],
    /** NaN where the outcome says nothing. */
    outcomes: [] as number[],
    /** Infinity where the outcome is not known. */
    knownAtMs: [] as number[],
    classes: [] as number[],
    trueClasses: [] as number[],
    cells: [] as Int32Array[],
  };
  while (!reader.done) {
    rows.timesMs.push(reader.float64());
    rows.predictions.push(reader.float64());
    rows.predicted.push(reader.uint8());
    rows.outcomes.push(reader.float64());
    rows.knownAtMs.push(reader.float64());
    rows.classes.push(reader.uint8());
    rows.trueClasses.push(reader.uint8());
    rows.cells.push(readCells(reader));
  }
  return rows;
}

/** Whether the predictions carry inputs, but for a few. Where only a share does, those without would look like a shift. */
function carriesInputs(cells: readonly Int32Array[]): boolean {
  const bare = cells.filter((row) => row.every((cell) => cell === CELL.absent)).length;
  return bare <= MOST_BARE * cells.length;
}

/** Least time at which the share of known outcomes is reached. */
function maturity(knownAtMs: readonly number[], coverage: number): number | null {
  const wanted = Math.max(1, Math.ceil(coverage * knownAtMs.length));
  const at = Float64Array.from(knownAtMs).sort()[wanted - 1]!;
  return Number.isFinite(at) ? at : null;
}

/** What a model said and what came of it, in SQL. */
interface Said {
  readonly prediction: string;
  /** 1 where the positive class was predicted. */
  readonly predicted: string;
  readonly isUsable: string;
  /** Of outcome `o` for prediction `p`; null where it says nothing. */
  readonly cameTrue: string;
}

function saidOf({ positiveLabel, estimation }: Profile): Said {
  if (estimation?.question === "error") {
    const cameTrue = "if(isFinite(o.value), o.value, NULL)";
    return { prediction: "value", predicted: "toUInt8(0)", isUsable: "isFinite(value)", cameTrue };
  }
  const positive = quoteText(positiveLabel ?? "");
  const isTrue = positiveLabel === null ? "o.label = p.label" : `o.label = ${positive}`;
  return {
    prediction: "score",
    predicted: positiveLabel === null ? "toUInt8(1)" : `if(isNull(label), score >= 0.5, label = ${positive})`,
    isUsable: `score >= 0 AND score <= 1 ${positiveLabel === null ? "AND isNotNull(label)" : ""}`,
    cameTrue: `multiIf(o.id = '', NULL, o.kind IN ('click', 'conversion'), o.value != 0, ${isTrue})`,
  };
}

const SAMPLE = equalSample(WINDOW_CONDITION);

function sampleSql(profile: Profile, places: InputPlaces | null, limit: number): string {
  const { prediction, predicted, isUsable, cameTrue } = saidOf(profile);
  const inputs = inputColumns(places);
  const isInTime = "toUnixTimestamp64Nano(o.ots) - toUnixTimestamp64Nano(p.ts) <= {horizon:Int64} * 1000000";
  return `
    SELECT toFloat64(toUnixTimestamp64Milli(p.ts)), assumeNotNull(p.predicted_value), assumeNotNull(toUInt8(p.said)), toFloat64(ifNull(${cameTrue}, nan)),
      if(isNull(${cameTrue}) OR NOT (${isInTime}), inf, toFloat64(toUnixTimestamp64Milli(o.ots))),
      ${classSql(profile, "p.label")}, ${classSql(profile, "o.label")}
      ${inputs.map((_, index) => `, p.inputs${index}`).join("")}
    FROM (
      SELECT id, ts, ${prediction} AS predicted_value, CAST(label AS Nullable(String)) AS label, ${predicted} AS said, ${SAMPLE.place} AS place
        ${inputs.map((column, index) => `, ${column} AS inputs${index}`).join("")}
      FROM prediction FINAL
      WHERE ${WINDOW_CONDITION} AND ${isUsable}
        AND ${SAMPLE.isKept}
      ORDER BY place, id LIMIT ${limit}
    ) AS p
    LEFT JOIN (${resolvedOutcomes(
      `tenant = {tenant:String} AND model = {model:String} AND id IN (SELECT id FROM prediction WHERE ${WINDOW_CONDITION})`,
    )}) AS o ON o.id = p.id
    ORDER BY p.place, p.id`;
}

/** The classes that the profile's confusion is of; null where it has none. */
function classNames({ estimation }: Profile): readonly string[] | null {
  return estimation?.question === "right" ? (estimation.classes?.names ?? null) : null;
}

/** SQL of a label's place among the profile's classes. */
function classSql(profile: Profile, label: string): string {
  const names = classNames(profile);
  if (names === null) return `toUInt8(${NO_CLASS})`;
  const places = names.map((_name, place) => place).join();
  return `toUInt8(transform(ifNull(${label}, ''), [${names.map(quoteText).join()}], [${places}], ${NO_CLASS}))`;
}
