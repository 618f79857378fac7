import { TidemarkError } from "@tidemark/semconv";
import type { EngineSession } from "../store/engine-session.ts";
import { quoteName, quoteText } from "../store/quote.ts";
import type { DataFormat } from "./build-options.ts";
import { checkDataFile } from "./check-data-file.ts";

export interface DataColumn {
  readonly name: string;
  /** The engine's type, without Nullable and LowCardinality around it. */
  readonly type: string;
  /** Whether it is text that the engine takes for times, in whatever form; it is read as it stands in the file. */
  readonly isTimeText?: true;
}

/** A data file as the engine sees it. */
export interface DataFile {
  readonly path: string;
  readonly format: DataFormat;
  /** What to select from. */
  readonly source: string;
  readonly columns: readonly DataColumn[];
}

export interface OpenDataFile {
  readonly path: string;
  /** By the file's ending where absent. */
  readonly format?: DataFormat | undefined;
  /** Columns whose values are texts as they stand in a text file, such as ids: 12 and 0012 are two of them. */
  readonly texts?: readonly string[];
}

const ENGINE_FORMAT: Readonly<Record<DataFormat, string>> = {
  parquet: "Parquet",
  csv: "CSVWithNames",
  jsonl: "JSONEachRow",
  arrow: "Arrow",
};

const TEXT = "Nullable(String)";
const TIME_TYPE = /^Date/;

/** By default a column of numbers with a 1e-05 among them would be one of texts. */
const INFERENCE = "input_format_try_infer_exponent_floats = 1";

/** Opens a data file and reads its columns. Throws TidemarkError `dataUnreadable` where that cannot be. */
export async function openDataFile(
  session: EngineSession,
  { path, format: given, texts = [] }: OpenDataFile,
): Promise<DataFile> {
  const { file, format } = await checkDataFile(path, given);
  // A literal brace or star in a path would be read as a pattern.
  const place = quoteText(file.replaceAll(/[*?{}]/g, "?"));
  if (format === "csv" || format === "jsonl") await checkUtf8(session, file, place);
  const sourceOf = (structure: readonly DataColumn[] | null) =>
    `file(${[place, ...[ENGINE_FORMAT[format], ...(structure === null ? [] : [structureSql(structure)])].map(quoteText)].join(", ")})`;
  const inferred = await describe(session, file, sourceOf(null));
  if (format === "parquet" || format === "arrow")
    return { path: file, format, source: sourceOf(null), columns: inferred.map(plain) };
  const asText = (names: readonly string[]) =>
    inferred.map(({ name, type }) => ({ name, type: names.includes(name) ? TEXT : type }));
  const codes = format === "csv" ? await codeColumns(session, file, inferred, sourceOf) : [];
  const times = inferred.filter((column) => TIME_TYPE.test(plain(column).type)).map(({ name }) => name);
  const columns = asText([...texts, ...codes, ...times]);
  return {
    path: file,
    format,
    source: sourceOf(columns),
    columns: columns.map((column) =>
      times.includes(column.name) ? { ...plain(column), isTimeText: true } : plain(column),
    ),
  };
}

/** Bytes of another encoding would become categories that nobody sends. Throws with the first line that has some. */
async function checkUtf8(session: EngineSession, path: string, place: string): Promise<void> {
  const found = await readData(
    session,
    path,
    `SELECT toFloat64(number), toValidUTF8(line) FROM (
      SELECT rowNumberInAllBlocks() + 1 AS number, line FROM file(${place}, 'LineAsString', 'line String')
    ) WHERE NOT isValidUTF8(line) LIMIT 1 SETTINGS max_threads = 1`,
    "JSONCompactEachRow",
  );
  const text = Buffer.from(found).toString("utf8");
  if (text === "") return;
  const [line, content] = JSON.parse(text) as [number, string];
  const at = Math.max(0, content.indexOf("\ufffd") - 20);
  throw new TidemarkError(
    "dataUnreadable",
    `${path} is not UTF-8 text: line ${line} has "${content.slice(at, at + 40)}"`,
    {
      fix: "Convert it to UTF-8; from Latin-1: iconv -f LATIN1 -t UTF-8.",
    },
  );
}

/** Runs a statement that reads the file; an error of the engine becomes `dataUnreadable` that names the file. */
export async function readData(session: EngineSession, path: string, sql: string, format: string): Promise<Uint8Array> {
  try {
    return await session.run(sql, {}, format);
  } catch (error) {
    throw new TidemarkError("dataUnreadable", `${path} cannot be read: ${reasonOf(error)}`, { cause: error });
  }
}

/** What the engine says without what it says about itself. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  if (text.includes("EMPTY_DATA_PASSED")) return "it has a header and no rows";
  if (/Rows have different amount of values|differs with the number of types/.test(text)) {
    return "its rows do not have as many fields as its header; a quote that is not closed looks the same";
  }
  return text
    .replace(/^Code: \d+\. DB::Exception: /, "")
    .replace(
      /^The table structure cannot be extracted from a \w+ format file\. Error:\s*(Code: \d+\. DB::Exception: )?/,
      "",
    )
    .split(/: While |: In scope | \(in file|\n| \([A-Z_]+\) \(version| You can specify/)[0]!
    .slice(0, 300);
}

async function describe(session: EngineSession, file: string, source: string): Promise<DataColumn[]> {
  const described = await readData(session, file, `DESCRIBE TABLE ${source} SETTINGS ${INFERENCE}`, "JSONEachRow");
  return Buffer.from(described)
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as DataColumn)
    .map(({ name, type }) => ({ name, type }));
}

/** Columns that look like numbers but are codes, since a number is not written as 02134. */
async function codeColumns(
  session: EngineSession,
  file: string,
  columns: readonly DataColumn[],
  sourceOf: (structure: readonly DataColumn[]) => string,
): Promise<string[]> {
  const whole = columns.filter((column) => /^U?Int\d+$/.test(plain(column).type)).map(({ name }) => name);
  if (whole.length === 0) return [];
  const texts = columns.map(({ name }) => ({ name, type: TEXT }));
  const found = await readData(
    session,
    file,
    `SELECT ${whole.map((name) => `toUInt8(countIf(match(ifNull(${quoteName(name)}, ''), '^0[0-9]')) > 0)`).join(", ")} FROM ${sourceOf(texts)}`,
    "JSONCompactEachRow",
  );
  const isCode = JSON.parse(Buffer.from(found).toString("utf8")) as number[];
  return whole.filter((_name, index) => isCode[index] === 1);
}

function structureSql(columns: readonly DataColumn[]): string {
  return columns.map(({ name, type }) => `${quoteName(name)} ${type}`).join(", ");
}

function plain({ name, type }: DataColumn): DataColumn {
  const inner = /^(?:Nullable|LowCardinality)\((.*)\)$/.exec(type)?.[1];
  return inner === undefined ? { name, type } : plain({ name, type: inner });
}
