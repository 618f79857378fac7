import { createReadStream, statSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { TidemarkError } from "@tidemark/semconv";
import type { DataFormat } from "./build-options.ts";

const FORMAT_OF_ENDING: Readonly<Record<string, DataFormat>> = {
  ".parquet": "parquet",
  ".csv": "csv",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
  ".json": "jsonl",
  ".arrow": "arrow",
  ".feather": "arrow",
};

/** What the engine unpacks by itself; Parquet and Arrow are packed within. */
const PACKED = /\.(gz|zst|xz|bz2)$/;

/** Longest beginning that is looked at for a header. */
const HEADER_BYTES = 65_536;

/**
 * The whole path and the format of a data file. Throws TidemarkError `dataUnreadable` for what is no such file, with what is there
 * instead: nothing, a folder, no bytes, UTF-16, columns that are separated by something else than commas.
 */
export async function checkDataFile(
  path: string,
  given?: DataFormat,
): Promise<{ readonly file: string; readonly format: DataFormat }> {
  const file = resolve(path);
  const refuse = (message: string, fix?: string): never => {
    throw new TidemarkError("dataUnreadable", message, fix === undefined ? {} : { fix });
  };
  const facts = statSync(file, { throwIfNoEntry: false }) ?? refuse(`there is no file ${file}`);
  if (!facts.isFile()) refuse(`${file} is ${facts.isDirectory() ? "a folder" : "no file"}; expected one file of data`);
  const name = file.toLowerCase();
  const bare = name.replace(PACKED, "");
  const format = given ?? FORMAT_OF_ENDING[/\.[^./]*$/.exec(bare)?.[0] ?? ""];
  const endings = Object.keys(FORMAT_OF_ENDING).join(", ");
  if (format === undefined) {
    return refuse(
      `the format of ${file} is unknown; expected one of ${endings}, texts also with .gz, .zst, .xz or .bz2`,
    );
  }
  if (facts.size === 0) refuse(`${file} is empty`);
  if (bare === name && (format === "csv" || format === "jsonl")) {
    const first = await firstLine(file);
    if (/^(\ufffd\ufffd|\ufeff?.?\0)/.test(first)) refuse(`${file} is not UTF-8 text`, "Save it as UTF-8.");
    const separator = format === "csv" ? otherSeparator(first) : null;
    if (separator !== null) {
      const words = `the columns of ${file} are separated by ${separator}; expected commas`;
      refuse(words, "Write it with commas, and with points in decimal numbers.");
    }
  }
  return { file, format };
}

async function firstLine(file: string): Promise<string> {
  const input = createReadStream(file, { encoding: "utf8", end: HEADER_BYTES });
  for await (const line of createInterface({ input })) return line;
  return "";
}

/** What separates the names of a header that has no comma; null where nothing known does. */
function otherSeparator(header: string): string | null {
  if (header.includes(",")) return null;
  if (header.includes(";")) return "semicolons";
  if (header.includes("\t")) return "tabs";
  return header.includes("|") ? "bars" : null;
}
