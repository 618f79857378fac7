import type { Profile } from "@tidemark/schema";
import { TidemarkError } from "@tidemark/semconv";
import type { EngineSession } from "../store/engine-session.ts";
import { quoteName } from "../store/quote.ts";
import type { BuildProfileOptions, FeatureRow, FieldColumn } from "./build-options.ts";
import { checkImportances } from "./check-importances.ts";
import { type DataFile, readData } from "./data-file.ts";
import { ROW_STATE, ROWS, rowsInTime } from "./load-rows.ts";

/** Rows that a model is asked about. */
const ASKED_ROWS = 2_000;
/** Attributions are added up in fixed point, so that the sum does not depend on the order of the rows. */
const DECIMALS = 12;

/**
 * The importances of the profile: as given; as the mean absolute values of the columns of attributions, such as SHAP values; or as
 * measured from rows of the data, the same rows whatever their order in the file. Throws TidemarkError `usage` where more than one
 * of them is asked for, and `dataUnreadable` for columns of attributions that are none.
 */
export async function readImportances(
  session: EngineSession,
  file: DataFile,
  columns: readonly FieldColumn[],
  options: BuildProfileOptions,
): Promise<Profile["importances"]> {
  const { importances, attributionPrefix, measureImportances } = options;
  const asked = [importances, attributionPrefix, measureImportances].filter((each) => each !== undefined);
  if (asked.length > 1) {
    throw new TidemarkError("usage", "importances are given, in columns and measured; expected one of the three");
  }
  const features = columns.filter(({ target }) => target === "feature");
  if (importances !== undefined) return checkImportances(importances, columns);
  if (attributionPrefix !== undefined) {
    return checkImportances(await meanAttributions(session, file, features, options, attributionPrefix), columns);
  }
  if (measureImportances === undefined) return undefined;
  return checkImportances(await measureImportances(await someRows(session, file, columns)), columns);
}

async function meanAttributions(
  session: EngineSession,
  file: DataFile,
  features: readonly FieldColumn[],
  options: BuildProfileOptions,
  prefix: string,
): Promise<Record<string, number>> {
  const explained = features.filter(({ column }) => file.columns.some(({ name }) => name === prefix + column));
  if (explained.length === 0) {
    throw new TidemarkError("dataUnreadable", `${file.path} has no column "${prefix}" with the name of a feature`);
  }
  const values = explained.map(
    ({ column }, index) => `abs(toFloat64OrNull(toString(${quoteName(prefix + column)}))) AS v${index}`,
  );
  const parts = explained.flatMap((_column, index) => {
    const isNumber = `isFinite(ifNull(v${index}, nan))`;
    return [
      `toFloat64(sumIf(toDecimal128(if(${isNumber}, assumeNotNull(v${index}), 0), ${DECIMALS}), ${isNumber})) AS a${index}`,
      `toFloat64(countIf(${isNumber})) AS n${index}`,
    ];
  });
  const sql = `SELECT ${parts.join(", ")} FROM ${rowsInTime(file, values.join(", "), options)}`;
  const row = JSON.parse(text(await readData(session, file.path, sql, "JSONEachRow"))) as Record<string, number>;
  return Object.fromEntries(
    explained.map(({ name, column }, index) => {
      const rows = row[`n${index}`]!;
      if (rows === 0) {
        throw new TidemarkError("dataUnreadable", `column "${prefix}${column}" of ${file.path} has no number`);
      }
      return [name, row[`a${index}`]! / rows];
    }),
  );
}

/** Rows of the loaded table, chosen by their hash, with the values of the features; a value that is none is null. */
async function someRows(
  session: EngineSession,
  file: DataFile,
  columns: readonly FieldColumn[],
): Promise<FeatureRow[]> {
  const features = columns
    .map((column, index) => ({ column, index }))
    .filter(({ column }) => column.target === "feature");
  const values = features.map(({ index }) => `if(s${index} = ${ROW_STATE.valid}, f${index}, NULL)`).join(", ");
  const sql = `SELECT ${values} FROM ${ROWS} ORDER BY tie LIMIT ${ASKED_ROWS}`;
  return text(await readData(session, file.path, sql, "JSONCompactEachRow"))
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const found = JSON.parse(line) as (number | string | null)[];
      return Object.fromEntries(features.map(({ column }, at) => [column.name, found[at]!]));
    });
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("utf8");
}
