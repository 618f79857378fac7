import { MAX_VECTOR_LENGTH, MAX_VECTORS, TidemarkError } from "@tidemark/semconv";
import type { EngineSession } from "../store/engine-session.ts";
import { quoteName } from "../store/quote.ts";
import type { BuildProfileOptions } from "./build-options.ts";
import { findColumn } from "./choose-columns.ts";
import { type DataFile, readData } from "./data-file.ts";
import { rowsInTime } from "./load-rows.ts";

/** A column of vectors of one length. */
export interface VectorColumn {
  readonly name: string;
  readonly dimension: number;
  /** Rows without a vector: none, or an empty one. */
  readonly missing: number;
  readonly rows: number;
}

const VECTOR_TYPE = /^Array\((?:Nullable\()?(?:Float|BFloat|Decimal|U?Int)\d*/;
/** Whole numbers are as often token ids or codes: such a column is taken only when it is named. */
const GUESSED_TYPE = /^Array\((?:Nullable\()?(?:Float|BFloat|Decimal)/;
/** Rows with a vector that a reference needs, half of which are fitted. */
const LEAST_ROWS = 400;
/** Share of the most common length below which lists are no vectors of a model. */
const LEAST_SHARE = 0.9;
const LENGTHS_SHOWN = 3;

/**
 * The columns of vectors: those named (`vectors`), else, where no features are named, every list of fractional numbers. A list that was not named and cannot be
 * one (its lengths vary, too few rows) is left out with a notice.
 *
 * Throws TidemarkError `dataUnreadable` for a column that is named and no vector, and for vectors of several lengths or with elements
 * that are no finite numbers.
 */
export async function chooseVectors(
  session: EngineSession,
  file: DataFile,
  options: BuildProfileOptions,
): Promise<VectorColumn[]> {
  const names = options.vectors ?? (options.features === undefined ? guessed(file) : []);
  if (names.length > MAX_VECTORS) {
    const fix = `Name those that matter with --vectors, at most ${MAX_VECTORS}.`;
    throw new TidemarkError("dataUnreadable", `${file.path} has ${names.length} columns of vectors`, { fix });
  }
  const found: VectorColumn[] = [];
  for (const name of names) {
    const described = await describeVectors(session, file, name, options);
    if (typeof described !== "string") found.push(described);
    else if (options.vectors !== undefined) throw unusable(file, name, described);
    else options.onNote?.(`column "${name}" is left out: it holds ${described}`);
  }
  return found;
}

/** SQL of a row's vector, of 32-bit floats; empty for none. */
export function vectorSql(name: string): string {
  return `arrayMap(x -> toFloat32(ifNull(x, nan)), ${quoteName(name)})`;
}

function guessed({ columns }: DataFile): string[] {
  return columns.filter(({ type }) => GUESSED_TYPE.test(type)).map(({ name }) => name);
}

async function describeVectors(
  session: EngineSession,
  file: DataFile,
  name: string,
  options: BuildProfileOptions,
): Promise<VectorColumn | string> {
  const { type } = findColumn(file, name, "vectors");
  if (!VECTOR_TYPE.test(type)) return `values of type ${type}, not lists of numbers`;
  const selected = `length(v) AS n, arrayExists(x -> NOT isFinite(x), v) AS bad, ${vectorSql(name)} AS v`;
  const bytes = await readData(
    session,
    file.path,
    `SELECT toFloat64(n) AS n, toFloat64(count()) AS rows, toFloat64(countIf(bad)) AS bad FROM ${rowsInTime(file, selected, options)} GROUP BY n ORDER BY rows DESC, n`,
    "JSONEachRow",
  );
  const lengths = Buffer.from(bytes)
    .toString("utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { n: number; rows: number; bad: number });
  const vectors = lengths.filter(({ n }) => n > 0);
  const rows = vectors.reduce((sum, each) => sum + each.rows, 0);
  const [most] = vectors;
  if (most === undefined || rows < LEAST_ROWS) return `${rows} vectors; a reference needs ${LEAST_ROWS}`;
  const shown = vectors.slice(0, LENGTHS_SHOWN).map((each) => `${each.n} (${each.rows} rows)`);
  const text = shown.join(", ") + (vectors.length > LENGTHS_SHOWN ? ", ..." : "");
  if (most.rows < LEAST_SHARE * rows) return `lists of several lengths, no vectors: ${text}`;
  if (most.n < 2 || most.n > MAX_VECTOR_LENGTH) {
    return `vectors of ${most.n} elements; expected 2 to ${MAX_VECTOR_LENGTH}`;
  }
  if (vectors.length > 1) {
    throw unusable(file, name, `vectors of several lengths: ${text}`, "Keep the rows of one embedding model.");
  }
  if (most.bad > 0) {
    throw unusable(file, name, `${most.bad} vectors with an element that is no finite number`, "Leave those rows out.");
  }
  return { name, dimension: most.n, missing: lengths.find(({ n }) => n === 0)?.rows ?? 0, rows };
}

function unusable(
  file: DataFile,
  name: string,
  what: string,
  fix = "Leave the column out of --vectors.",
): TidemarkError {
  return new TidemarkError("dataUnreadable", `column "${name}" of ${file.path} holds ${what}`, { fix });
}
