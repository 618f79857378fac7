import { attr, event, TidemarkError } from "@tidemark/semconv";
import {
  EXPORT_COLUMNS,
  type ExportColumn,
  INPUT_PREFIX,
  MEMBER_PREFIX,
  PROBABILITY_PREFIX,
} from "../export/export-columns.ts";
import { openFileLines } from "../label/open-file-lines.ts";
import { findColumn } from "../profile/choose-columns.ts";
import type { DataFile } from "../profile/data-file.ts";
import {
  instantSql,
  isTimeColumn,
  type RowsWithoutTime,
  rowsWithoutTime,
  TIME_EXPECTED,
} from "../profile/time-column.ts";
import type { EngineSession } from "../store/engine-session.ts";
import { quoteName } from "../store/quote.ts";

/** An OTLP JSON log record. */
export interface LogRecord {
  readonly timeUnixNano: string;
  readonly eventName: string;
  readonly traceId?: string;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
}

export interface UnusableRows extends RowsWithoutTime {
  readonly reason: string;
}

/** A file of joined records, as `tidemark export` writes it. */
export interface RecordFile {
  readonly rows: number;
  /** Rows that are left out, or whose outcome is. */
  readonly unusable: readonly UnusableRows[];
  /** Names of the inputs that its rows have. */
  readonly inputs: readonly string[];
  /** The prediction of each row and, where it is known, its outcome, in order of prediction time. */
  read(): AsyncIterable<readonly LogRecord[]>;
  close(): Promise<void>;
}

export interface RecordFileOptions {
  readonly path: string;
  readonly model: string;
  /** Version of the rows that name none. */
  readonly version?: string | undefined;
  /** Columns by what they hold, where they are not called so. */
  readonly columns?: Readonly<Partial<Record<ExportColumn, string | undefined>>>;
  /** Names of the inputs among the columns; every other column where absent. */
  readonly inputs?: readonly string[] | undefined;
}

const REQUIRED = ["id", "time"] as const;

type Cell = string | null | readonly (number | null)[];
type Line = readonly Cell[];

/**
 * Opens a file of predictions joined with their outcomes and inputs as OTLP log records: Parquet, CSV or JSON lines with the columns of
 * `tidemark export`, or columns that are named instead, of which only `id` and `time` must be there. `member:NAME` is what a member of an
 * ensemble answered, `probability:CLASS` the probability of a class; every other column is an input unless the inputs are named, `input_score` one called `score`, and a list of numbers
 * a vector, where it is not empty. An outcome without a time of its own happened when the prediction was made.
 * Throws TidemarkError `dataUnreadable`.
 */
export async function openRecordFile(options: RecordFileOptions): Promise<RecordFile> {
  const { path, columns: named = {} } = options;
  const partName = (part: ExportColumn) => named[part] ?? part;
  let unusable: readonly UnusableRows[] = [];
  const time = (opened: DataFile) => timeSql(opened, partName("time"), "the time");
  const { file, rows, read, close } = await openFileLines(
    { path, texts: [partName("id")] },
    {
      columns: (opened) => columnsSql(opened, options),
      order: time,
      keep: (opened) => `isNotNull(${time(opened)})`,
      look: async (session, opened) => {
        unusable = await findUnusable(session, opened, partName);
      },
    },
  );
  const columns = valueColumns(file, options);
  const toRecords = (line: Line) => recordsOf(line, options, columns);
  async function* readRecords() {
    for await (const line of read()) yield toRecords(line as Line);
  }
  return {
    rows,
    unusable,
    read: readRecords,
    close,
    inputs: columns.filter(({ of }) => of === "input").map(({ name }) => name),
  };
}

/** Rows without a time, and those whose outcome has one that cannot be read: the outcome alone is left out. */
async function findUnusable(
  session: EngineSession,
  file: DataFile,
  nameOf: (part: ExportColumn) => string,
): Promise<UnusableRows[]> {
  const found: UnusableRows[] = [];
  for (const [part, reason] of [
    ["time", "not_a_time"],
    ["outcome_time", "outcome_not_a_time"],
  ] as const) {
    const column = file.columns.find(({ name }) => name === nameOf(part));
    const rows = column === undefined ? null : await rowsWithoutTime(session, file, column, part === "outcome_time");
    if (rows !== null) found.push({ reason, ...rows });
  }
  return found;
}

/** A column of an input, of a member's answers or of a class's probabilities. */
interface ValueColumn {
  readonly column: string;
  readonly name: string;
  readonly of: "input" | "member" | "class";
  readonly kind: "number" | "text" | "vector";
}

const NUMBER_TYPE = /^(U?Int|Float|BFloat|Decimal)/;
const VECTOR_TYPE = /^Array\((Nullable\()?(U?Int|Float|BFloat|Decimal)/;

const isPart = (name: string) => EXPORT_COLUMNS.some((part) => part === name);

function valueColumns({ columns }: DataFile, { columns: named = {}, inputs }: RecordFileOptions): ValueColumn[] {
  const taken = new Set<string>(EXPORT_COLUMNS.map((part) => named[part] ?? part));
  return columns
    .filter(({ name }) => !taken.has(name))
    .map(({ name, type }): ValueColumn => {
      const prefix = [MEMBER_PREFIX, PROBABILITY_PREFIX].find((each) => name.startsWith(each));
      const bare = name.startsWith(INPUT_PREFIX) ? name.slice(INPUT_PREFIX.length) : name;
      const isPrefixed = isPart(bare) || bare.startsWith(MEMBER_PREFIX) || bare.startsWith(PROBABILITY_PREFIX);
      const inputName = isPrefixed ? bare : name;
      return {
        column: name,
        name: prefix === undefined ? inputName : name.slice(prefix.length),
        of: prefix === undefined ? "input" : prefix === MEMBER_PREFIX ? "member" : "class",
        kind: NUMBER_TYPE.test(type) ? "number" : VECTOR_TYPE.test(type) && prefix === undefined ? "vector" : "text",
      };
    })
    .filter(({ name, of }) => of !== "input" || inputs === undefined || inputs.includes(name));
}

function columnsSql(file: DataFile, options: RecordFileOptions): string {
  const { columns: named = {} } = options;
  for (const part of REQUIRED) findColumn(file, named[part] ?? part, `the ${part}`);
  const has = (part: ExportColumn) => named[part] !== undefined || file.columns.some(({ name }) => name === part);
  const partSql = (part: ExportColumn): string => {
    const source = part === "outcome_time" && !has(part) ? "time" : part;
    if (!has(source)) return "NULL";
    const [column, told] = [named[source] ?? source, `the ${source.replace("_", " ")}`];
    return source.endsWith("time") ? timeSql(file, column, told) : textSql(findColumn(file, column, told).name);
  };
  // In double precision, whose digits say single precision exactly.
  const vectorSql = (name: string) => `CAST(${quoteName(name)} AS Array(Nullable(Float64)))`;
  const values = valueColumns(file, options).map(({ column, kind }) =>
    kind === "vector" ? vectorSql(column) : textSql(column),
  );
  return [...EXPORT_COLUMNS.map(partSql), ...values].map((sql, at) => `${sql} AS c${at}`).join(", ");
}

function textSql(name: string): string {
  return `toString(${quoteName(name)})`;
}

/** Nanoseconds since 1970 as text, so that none is rounded; null for a missing one. */
function timeSql(file: DataFile, name: string, part: string): string {
  const column = findColumn(file, name, part);
  if (!isTimeColumn(column)) {
    throw new TidemarkError(
      "dataUnreadable",
      `column "${name}" of ${file.path} is of type ${column.type}; ${TIME_EXPECTED}`,
    );
  }
  return `toString(toUnixTimestamp64Nano(${instantSql(column, 9)}))`;
}

function recordsOf(line: Line, { model, version }: RecordFileOptions, columns: readonly ValueColumn[]): LogRecord[] {
  const part = (name: ExportColumn) => (line[EXPORT_COLUMNS.indexOf(name)] ?? null) as string | null;
  const given = columns.map((column, at) => ({ column, cell: line[EXPORT_COLUMNS.length + at] ?? null }));
  const answers = given.filter(({ column, cell }) => column.of === "member" && cell !== null);
  const probabilities = given.filter(({ column, cell }) => column.of === "class" && cell !== null);
  const text = (key: string, value: string | null) => (value === null ? [] : [{ key, value: { stringValue: value } }]);
  const number = (key: string, value: string | null) =>
    value === null ? [] : [{ key, value: { doubleValue: Number(value) } }];
  const weight = part("weight");
  const about = [...text(attr.modelName, model), ...text(attr.inferenceId, part("id"))];
  const prediction = {
    timeUnixNano: part("time") ?? "0",
    eventName: event.inferenceDetails,
    traceId: part("trace_id") ?? "",
    attributes: [
      ...about,
      ...text(attr.modelVersion, part("version") ?? version ?? null),
      ...text(attr.deploymentRole, part("role")),
      ...text(attr.predictionLabel, part("label")),
      ...number(attr.predictionScore, part("score")),
      ...number(attr.predictionValue, part("value")),
      ...(weight === null ? [] : number(attr.samplingProbability, String(1 / Number(weight)))),
      ...(answers.length > 0 ? [map(attr.ensembleAnswers, answers)] : []),
      ...(probabilities.length > 0 ? [map(attr.predictionProbabilities, probabilities)] : []),
      map(
        attr.inferenceInputs,
        given.filter(({ column, cell }) => column.of === "input" && !(column.kind === "vector" && cell?.length === 0)),
      ),
    ],
  };
  const outcomeTime = part("outcome_time");
  const isKnown = part("outcome_label") !== null || part("outcome_value") !== null;
  if (!isKnown || outcomeTime === null) return [prediction];
  const kind = part("outcome_label") === null ? "value" : "class";
  const outcome = {
    timeUnixNano: outcomeTime,
    eventName: event.outcomeReported,
    attributes: [
      ...about,
      ...text(attr.outcomeKind, kind),
      ...text(attr.outcomeLabel, part("outcome_label")),
      ...number(attr.outcomeValue, part("outcome_value")),
    ],
  };
  return [prediction, outcome];
}

interface GivenValue {
  readonly column: ValueColumn;
  readonly cell: Cell;
}

function map(key: string, given: readonly GivenValue[]) {
  return { key, value: { kvlistValue: { values: given.map(pairOf) } } };
}

/** A missing value travels as an attribute without one. */
function pairOf({ column: { name, kind }, cell }: GivenValue) {
  if (cell === null) return { key: name, value: {} };
  if (typeof cell === "string") {
    return { key: name, value: kind === "number" ? { doubleValue: Number(cell) } : { stringValue: cell } };
  }
  // An element that JSON cannot carry is null here too.
  return { key: name, value: { arrayValue: { values: cell.map((doubleValue) => ({ doubleValue })) } } };
}
