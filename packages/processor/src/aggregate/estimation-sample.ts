import type { Profile } from "@tidemark/schema";
import { type EstimationSample, featureCodes, NO_OUTCOME, sampleRows } from "@tidemark/signals";
import { quoteText } from "../store/quote.ts";
import { resolvedOutcomes } from "../store/resolved-outcomes.ts";
import { RowReader } from "../store/row-reader.ts";
import type { Store } from "../store/store.ts";
import { cellCodes } from "./cell-codes.ts";
import { CELL, valueCellSql } from "./value-cell.ts";
import { WINDOW_CONDITION, type WindowRequest, windowParameters } from "./window-request.ts";

export interface SampleRequest extends Omit<WindowRequest, "segments"> {
  /** Share of the predictions whose outcomes must be known for the window to be mature. */
  readonly matureCoverage: number;
}

/**
 * At most 20,000 scored predictions of a window, the first by a hash of their id, with their outcomes; rows that were
 * sampled more likely are thinned, so that all count the same. Null without a row. The first `matureCoverage` of the
 * outcomes in order of event time count, so that later ones do not change what the window once said.
 */
export async function readEstimationSample(store: Store, request: SampleRequest): Promise<EstimationSample | null> {
  const { profile, outcomeHorizonMs } = request;
  const fields = profile.fields.filter(({ target }) => target === "feature");
  const cells = fields.map((field, index) => `toInt32(${valueCellSql(field)}) AS cell${index}`);
  const bytes = await store.queryRowBinary(sampleSql(profile, cells, sampleRows(fields.length)), {
    ...windowParameters(request),
    horizon: outcomeHorizonMs,
  });
  const rows = readRows(new RowReader(bytes), fields.length);
  if (rows.scores.length === 0) return null;
  const named = fields.flatMap((field, j) =>
    rows.cells[j]!.every((cell) => cell === CELL.absent) ? [] : [{ field, cells: Int32Array.from(rows.cells[j]!) }],
  );
  const columns = named.map(({ field, cells: own }) => cellCodes(featureCodes(field), own));
  const codes = new Uint8Array(rows.scores.length * columns.length);
  columns.forEach((column, j) => {
    column.forEach((code, i) => {
      codes[i * columns.length + j] = code;
    });
  });
  const maturedAtMs = maturity(rows.knownAtMs, request.matureCoverage);
  return {
    rows: rows.scores.length,
    timesMs: Float64Array.from(rows.timesMs),
    scores: Float64Array.from(rows.scores),
    predicted: Uint8Array.from(rows.predicted),
    features: named.map(({ field }) => field.name),
    codes,
    outcomes: Uint8Array.from(rows.outcomes, (outcome, i) =>
      maturedAtMs !== null && rows.knownAtMs[i]! <= maturedAtMs ? outcome : NO_OUTCOME,
    ),
    maturedAtMs,
  };
}

function readRows(reader: RowReader, fieldCount: number) {
  const rows = {
    timesMs: [] as number[],
    scores: [] as number[],
    predicted: [] as number[],
    outcomes: [] as number[],
    /** Infinity where the outcome is not known. */
    knownAtMs: [] as number[],
    cells: Array.from({ length: fieldCount }, () => [] as number[]),
  };
  while (!reader.done) {
    rows.timesMs.push(reader.float64());
    rows.scores.push(reader.float64());
    rows.predicted.push(reader.uint8());
    rows.outcomes.push(reader.uint8());
    rows.knownAtMs.push(reader.float64());
    for (const column of rows.cells) column.push(reader.int32());
  }
  return rows;
}

/** Least time at which the share of known outcomes is reached. */
function maturity(knownAtMs: readonly number[], coverage: number): number | null {
  const wanted = Math.max(1, Math.ceil(coverage * knownAtMs.length));
  const at = Float64Array.from(knownAtMs).sort()[wanted - 1]!;
  return Number.isFinite(at) ? at : null;
}

function sampleSql({ positiveLabel }: Profile, cells: readonly string[], limit: number): string {
  const positive = quoteText(positiveLabel ?? "");
  const predicted = positiveLabel === null ? "toUInt8(1)" : `if(isNull(label), score >= 0.5, label = ${positive})`;
  const isTrue = positiveLabel === null ? "o.label = p.label" : `o.label = ${positive}`;
  const cameTrue = `multiIf(o.id = '', NULL, o.kind IN ('click', 'conversion'), o.value != 0, ${isTrue})`;
  const isInTime = "toUnixTimestamp64Nano(o.ots) - toUnixTimestamp64Nano(p.ts) <= {horizon:Int64} * 1000000";
  return `
    SELECT toFloat64(toUnixTimestamp64Milli(p.ts)), assumeNotNull(p.score), assumeNotNull(toUInt8(p.said)), toUInt8(ifNull(${cameTrue}, ${NO_OUTCOME})),
      if(isNull(${cameTrue}) OR NOT (${isInTime}), inf, toFloat64(toUnixTimestamp64Milli(o.ots)))
      ${cells.map((_, index) => `, p.cell${index}`).join("")}
    FROM (
      SELECT id, ts, score, CAST(label AS Nullable(String)) AS label, ${predicted} AS said, sipHash64(id) AS place
        ${cells.map((cell) => `, ${cell}`).join("")}
      FROM prediction FINAL
      WHERE ${WINDOW_CONDITION} AND score >= 0 AND score <= 1 ${positiveLabel === null ? "AND isNotNull(label)" : ""}
        AND sipHash64(id) / 18446744073709551616. < (SELECT min(probability) FROM prediction WHERE ${WINDOW_CONDITION}) / probability
      ORDER BY place, id LIMIT ${limit}
    ) AS p
    LEFT JOIN (${resolvedOutcomes(
      `tenant = {tenant:String} AND model = {model:String} AND id IN (SELECT id FROM prediction WHERE ${WINDOW_CONDITION})`,
    )}) AS o ON o.id = p.id
    ORDER BY p.place, p.id`;
}
