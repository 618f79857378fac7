import { existsSync } from "node:fs";
import { extname, resolve } from "node:path";
import { TidemarkError } from "@tidemark/semconv";
import type { EngineSession } from "../store/engine-session.ts";
import { quoteText } from "../store/quote.ts";
import type { DataFormat } from "./build-options.ts";

export interface DataColumn {
  readonly name: string;
  /** The engine's type, without Nullable and LowCardinality around it. */
  readonly type: string;
}

/** A data file as the engine sees it. */
export interface DataFile {
  readonly path: string;
  readonly format: DataFormat;
  /** What to select from. */
  readonly source: string;
  readonly columns: readonly DataColumn[];
}

const ENGINE_FORMAT: Readonly<Record<DataFormat, string>> = {
  parquet: "Parquet",
  csv: "CSVWithNames",
  jsonl: "JSONEachRow",
  arrow: "Arrow",
};

const FORMAT_OF_ENDING: Readonly<Record<string, DataFormat>> = {
  ".parquet": "parquet",
  ".csv": "csv",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
  ".json": "jsonl",
  ".arrow": "arrow",
  ".feather": "arrow",
};

/** Opens a data file and reads its columns. Throws TidemarkError `dataUnreadable` where that cannot be. */
export async function openDataFile(session: EngineSession, path: string, format?: DataFormat): Promise<DataFile> {
  const file = resolve(path);
  if (!existsSync(file)) throw new TidemarkError("dataUnreadable", `there is no file ${file}`);
  const known = format ?? FORMAT_OF_ENDING[extname(file).toLowerCase()];
  if (known === undefined) {
    throw new TidemarkError(
      "dataUnreadable",
      `the format of ${file} is unknown; expected one of ${Object.keys(FORMAT_OF_ENDING).join(", ")}`,
    );
  }
  // A literal brace or star in a path would be read as a pattern.
  const source = `file(${quoteText(file.replaceAll(/[*?{}]/g, "?"))}, ${quoteText(ENGINE_FORMAT[known])})`;
  const described = await readData(session, file, `DESCRIBE TABLE ${source}`, "JSONEachRow");
  const columns = Buffer.from(described)
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as { name: string; type: string })
    .map(({ name, type }) => ({ name, type: plainType(type) }));
  return { path: file, format: known, source, columns };
}

/** Runs a statement that reads the file; an error of the engine becomes `dataUnreadable` that names the file. */
export async function readData(session: EngineSession, path: string, sql: string, format: string): Promise<Uint8Array> {
  try {
    return await session.run(sql, {}, format);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const reason = text.replace(/^Code: \d+\. DB::Exception: /, "").split(/: While |: In scope | \(in file/)[0];
    throw new TidemarkError("dataUnreadable", `${path} cannot be read: ${reason?.slice(0, 300)}`, { cause: error });
  }
}

function plainType(type: string): string {
  const inner = /^(?:Nullable|LowCardinality)\((.*)\)$/.exec(type)?.[1];
  return inner === undefined ? type : plainType(inner);
}
