import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type DataFile, type OpenDataFile, openDataFile, readData } from "../profile/data-file.ts";
import { EngineSession } from "../store/engine-session.ts";
import { quoteText } from "../store/quote.ts";

/** The rows of a data file, streamed. */
export interface FileLines {
  readonly file: DataFile;
  readonly rows: number;
  /** The chosen columns of each row, in the order of the file. */
  read(): AsyncIterable<unknown>;
  close(): Promise<void>;
}

/** What of a file is read, in SQL. */
export interface LinesWanted {
  readonly columns: (file: DataFile) => string;
  /** Order of the rows; the file's own unless given. */
  readonly order?: (file: DataFile) => string;
  /** Which rows; all unless given. */
  readonly keep?: (file: DataFile) => string;
  /** Looks at the file before it is read. */
  readonly look?: (session: EngineSession, file: DataFile) => Promise<void>;
}

/**
 * Opens a data file through the engine's own readers. The chosen columns are written to a temporary file as lines and streamed from
 * there: memory does not grow with the file.
 *
 * Throws TidemarkError `dataUnreadable` for a file that cannot be used, and whatever the functions throw.
 */
export async function openFileLines(
  options: OpenDataFile,
  { columns, order, keep, look }: LinesWanted,
): Promise<FileLines> {
  const session = EngineSession.forFiles();
  const folder = await mkdtemp(join(tmpdir(), "tidemark-rows-"));
  const close = () => rm(folder, { recursive: true, force: true });
  try {
    const file = await openDataFile(session, options);
    const chosen = `SELECT ${columns(file)} FROM ${file.source} WHERE ${keep?.(file) ?? "1"}`;
    await look?.(session, file);
    const lines = join(folder, "rows.jsonl");
    const count = `SELECT toFloat64(count()) AS rows FROM ${file.source}`;
    const counted = await readData(session, file.path, count, "JSONEachRow");
    // One thread keeps the order of the file, so that row numbers are those that a person counts.
    await readData(
      session,
      file.path,
      `INSERT INTO FUNCTION file(${quoteText(lines)}, 'JSONCompactEachRow')
      ${chosen} ${order === undefined ? "" : `ORDER BY ${order(file)}`}
      SETTINGS max_threads = 1, max_insert_threads = 1, input_format_parquet_preserve_order = 1`,
      "Null",
    );
    const { rows } = JSON.parse(Buffer.from(counted).toString("utf8")) as { rows: number };
    return { file, rows, read: () => parseLines(lines), close };
  } catch (error) {
    await close();
    throw error;
  } finally {
    session.close();
    await EngineSession.drain();
  }
}

async function* parseLines(path: string): AsyncGenerator<unknown> {
  for await (const line of createInterface({ input: createReadStream(path) })) yield JSON.parse(line) as unknown;
}
