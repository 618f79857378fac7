import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareFeatures, type SkewReport } from "@tidemark/processor";
import { TidemarkError } from "@tidemark/semconv";
import type { Command } from "commander";
import { EXIT } from "../config/fail.ts";
import { printLines } from "../config/print-lines.ts";
import { readToken, TOKEN_VARIABLE } from "../config/read-token.ts";
import { downloadFile } from "../report/download-file.ts";
import { describeSkew } from "../skew/skew-text.ts";

interface SkewFlags {
  readonly model?: string;
  readonly modelVersion?: string;
  readonly role?: string;
  readonly from?: string;
  readonly to?: string;
  readonly records?: string;
  readonly id: string;
  readonly column: readonly string[];
  readonly by?: string;
  readonly tolerance: number;
  readonly tolerated: number;
  readonly json: boolean;
  readonly url: string;
  readonly tokenFile?: string;
}

const EXAMPLES = `
Compares the features that the service recorded with the same predictions' features as the training pipeline or feature store computes
them again, joined by the prediction's id, and says of each how many differ and what explains it: a unit, a constant, cut
decimals, letters, or the value of an earlier row (stale). Exit code 1 where a larger share than --tolerated differs, or nothing could be
compared; then a code beginning with TIDEMARK_ is on standard error. To run it every night: docs/data-quality.md.

A feature is compared as a number where the service recorded numbers, else as text. Columns that no record has an input for, and
inputs without a column, are listed. The records need inputs (ml.inference.inputs).

Examples:
  tidemark skew recomputed.parquet --model flight-delay
  tidemark skew recomputed.csv --model flight-delay --id prediction_id --from 2001-05-01T00:00:00Z --tolerated 0.01
  tidemark skew recomputed.parquet --model churn --by customer --column amount=amount_30d --json
  tidemark skew recomputed.parquet --records may.parquet     # what tidemark export wrote, without a processor`;

/** `tidemark skew FILE`: the features that a service used beside the same ones computed again. */
export function registerSkew(program: Command): void {
  program
    .command("skew")
    .description("features as the service used them beside the same ones computed again (training-serving skew)")
    .argument("<file>", "recomputed features with the id of the prediction: Parquet, CSV, JSON lines or Arrow")
    .option("--model <name>", "name of the model")
    .option("--model-version <version>", "which version, where there are several")
    .option("--role <role>", "which role, where there are several")
    .option("--from <time>", "records at or after this time, ISO 8601")
    .option("--to <time>", "records before this time, ISO 8601")
    .option("--records <file>", "the records as tidemark export wrote them, instead of a processor's")
    .option("--id <column>", "id of the prediction", "id")
    .option("--column <input=column>", "an input whose column is named otherwise; again for more", collect, [])
    .option(
      "--by <column>",
      "whom a row is about, such as the customer: earlier values are looked for in rows of the same",
    )
    .option(
      "--tolerance <ratio>",
      "numbers are the same up to this share of the larger one",
      ratio("--tolerance"),
      1e-6,
    )
    .option("--tolerated <share>", "share of rows that may differ", ratio("--tolerated"), 0)
    .option("--json", "everything as JSON", false)
    .option("--url <url>", "address of the processor", "http://127.0.0.1:4318")
    .option("--token-file <file>", `file that holds a token of the scope read; else the variable ${TOKEN_VARIABLE}`)
    .addHelpText("after", EXAMPLES)
    .action(compare);
}

async function compare(file: string, flags: SkewFlags): Promise<void> {
  const report = await compareWith(file, flags);
  if (report.rows === 0) {
    throw new TidemarkError("dataUnreadable", `no id of ${file} has a record`, {
      fix: "Name the column that holds the ids of the predictions with --id, and look at one of them with tidemark show.",
    });
  }
  if (flags.json) console.log(JSON.stringify(report, null, 2));
  else printLines(describeSkew(report, flags.tolerated));
  const isSkewed = report.features.some(({ share }) => share !== null && share.value > flags.tolerated);
  process.exitCode = isSkewed ? EXIT.failed : EXIT.ok;
}

async function compareWith(file: string, flags: SkewFlags): Promise<SkewReport> {
  const { id, by, tolerance, records } = flags;
  const options = { recomputed: file, id, by: by ?? null, tolerance, columns: columnsOf(flags.column) };
  if (records !== undefined) return compareFeatures({ ...options, records });
  const folder = await mkdtemp(join(tmpdir(), "tidemark-skew-"));
  try {
    const exported = join(folder, "records.parquet");
    await downloadFile(flags.url, `/v1/export?${queryOf(flags)}`, await readToken(flags.tokenFile), exported);
    return await compareFeatures({ ...options, records: exported });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function queryOf({ model, modelVersion: version, role, from, to }: SkewFlags): URLSearchParams {
  if (model === undefined) {
    throw new TidemarkError("usage", "no model is named", {
      fix: "Name it with --model, or a file of records with --records.",
    });
  }
  const wanted = { model, version, role, from, to, format: "parquet" };
  return new URLSearchParams(
    Object.entries(wanted).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function columnsOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair): [string, string] => {
      const at = pair.indexOf("=");
      if (at > 0 && at < pair.length - 1) return [pair.slice(0, at), pair.slice(at + 1)];
      throw new TidemarkError("usage", `--column is "${pair}"; expected INPUT=COLUMN, such as amount=amount_30d`);
    }),
  );
}

function collect(pair: string, before: readonly string[]): string[] {
  return [...before, pair];
}

function ratio(flag: string): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (text.trim() !== "" && number >= 0 && number <= 1) return number;
    throw new TidemarkError("usage", `${flag} is "${text}"; expected a number from 0 to 1`);
  };
}
