import type { EngineSession } from "../store/engine-session.ts";
import { quoteName } from "../store/quote.ts";
import { type DataColumn, type DataFile, readData } from "./data-file.ts";

/** Fewer different values in as many rows are no sign of anything. */
const MINIMUM_ROWS = 100;

/** Columns of a data file that are no features, or may be none. */
export interface UnfitColumns {
  /** Without a value in any row. */
  readonly empty: readonly string[];
  /** Another text in each row, such as an id: no category has only one row. */
  readonly rowNames: readonly string[];
  /** Another whole number in each row, which a quantity may have too. */
  readonly perhapsRowNames: readonly string[];
}

/** Cost: one reading of the file. */
export async function findUnfitColumns(session: EngineSession, file: DataFile): Promise<UnfitColumns> {
  const tests = file.columns.map(({ name, type }) => {
    if (type.startsWith("Array(")) return "any(2)";
    const quoted = quoteName(name);
    const hasValue = `ifNull(toString(${quoted}), '') != ''`;
    const isUnique = isText(type) || isWhole(type) ? `uniqExactIf(${quoted}, ${hasValue}) = countIf(${hasValue})` : "0";
    return `multiIf(countIf(${hasValue}) = 0, 0, countIf(${hasValue}) >= ${MINIMUM_ROWS} AND ${isUnique}, 1, 2)`;
  });
  const bytes = await readData(
    session,
    file.path,
    `SELECT ${tests.join(", ")} FROM ${file.source}`,
    "JSONCompactEachRow",
  );
  const kinds = JSON.parse(Buffer.from(bytes).toString("utf8")) as number[];
  const names = (kind: number, isOf: (type: string) => boolean) =>
    file.columns.filter(({ type }: DataColumn, index) => kinds[index] === kind && isOf(type)).map(({ name }) => name);
  return { empty: names(0, () => true), rowNames: names(1, isText), perhapsRowNames: names(1, isWhole) };
}

function isText(type: string): boolean {
  return /^(String|FixedString|UUID)/.test(type);
}

function isWhole(type: string): boolean {
  return /^U?Int(32|64|128|256)$/.test(type);
}
