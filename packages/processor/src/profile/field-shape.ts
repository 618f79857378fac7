import type { CategoricalField, NumericField } from "@tidemark/schema";
import { TidemarkError } from "@tidemark/semconv";
import { numberCellSql, textCellSql } from "../aggregate/value-cell.ts";
import type { EngineSession } from "../store/engine-session.ts";
import { RowReader } from "../store/row-reader.ts";
import type { FieldColumn } from "./build-options.ts";
import { listCategories } from "./category-list.ts";
import { type DataFile, readData } from "./data-file.ts";
import { inferPattern } from "./infer-pattern.ts";
import { validRows } from "./load-rows.ts";
import { summarizeNumbers } from "./numeric-bins.ts";

/** What values a field takes, without their counts by bin. */
export type FieldShape =
  | Pick<NumericField, "kind" | "boundaries" | "min" | "max" | "mean" | "standardDeviation" | "range">
  | Pick<CategoricalField, "kind" | "categories" | "otherCategories" | "pattern">;

/** Bins or categories of a field, from the loaded rows. Throws TidemarkError where the column holds no value. */
export async function readShape(
  session: EngineSession,
  file: DataFile,
  field: FieldColumn,
  index: number,
): Promise<FieldShape> {
  const sql = `SELECT f${index}, toFloat64(count()) ${validRows(index)} GROUP BY f${index} ORDER BY f${index}`;
  const reader = new RowReader(await readData(session, file.path, sql, "RowBinary"));
  if (reader.done) {
    throw new TidemarkError("dataUnreadable", `column "${field.column}" of ${file.path} holds no ${field.kind} value`, {
      fix: "Leave the column out, or check its kind.",
    });
  }
  if (field.kind === "categorical") {
    const categories = listCategories(readTexts(reader));
    const pattern = field.target === "feature" ? await inferPattern(session, file, index) : undefined;
    return { kind: "categorical", ...categories, ...(pattern === undefined ? {} : { pattern }) };
  }
  const numbers = summarizeNumbers(readNumbers(reader));
  return { kind: "numeric", ...numbers, range: rangeOf(field, numbers) };
}

/** A score whose reference lies in [0, 1] is a probability: one outside is out of range. */
function rangeOf(
  { target, name, range }: FieldColumn,
  { min, max }: { min: number; max: number },
): NumericField["range"] {
  const isProbability = target === "prediction" && name === "score" && min >= 0 && max <= 1;
  return isProbability && range.min === null && range.max === null ? { min: 0, max: 1 } : range;
}

/** SQL of the cell of a field's value in the loaded rows; see `valueCellSql`. */
export function shapeCellSql(shape: FieldShape, index: number): string {
  const cell = shape.kind === "numeric" ? numberCellSql(shape, `f${index}`) : textCellSql(shape, `f${index}`);
  return `if(s${index} != 0, -toInt32(s${index}), ${cell})`;
}

function readTexts(reader: RowReader): Map<string, number> {
  const counts = new Map<string, number>();
  while (!reader.done) counts.set(reader.string(), reader.float64());
  return counts;
}

function readNumbers(reader: RowReader): { values: Float64Array; counts: Float64Array } {
  const values: number[] = [];
  const counts: number[] = [];
  while (!reader.done) {
    values.push(reader.float64());
    counts.push(reader.float64());
  }
  return { values: Float64Array.from(values), counts: Float64Array.from(counts) };
}
