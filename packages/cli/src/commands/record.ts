import { openRecordFile, readProfileFile } from "@tidemark/processor";
import type { Command } from "commander";
import { EXIT } from "../config/fail.ts";
import { readToken, TOKEN_VARIABLE } from "../config/read-token.ts";
import { splitList } from "../config/split-list.ts";
import { createProgressBar, type ProgressBar } from "../label/progress-bar.ts";
import { addColumnOptions, type ColumnFlags, profileInputs, recordFileOptions } from "../record/record-columns.ts";
import { sendRecords } from "../record/send-records.ts";

interface RecordFlags extends ColumnFlags {
  readonly profile: string;
  readonly modelVersion?: string;
  readonly segments: readonly string[];
  readonly url: string;
  readonly tokenFile?: string;
}

const EXAMPLES = `
For models that score in batches, in a job that has no service to instrument: sends the predictions of a file as a service would, with
the features that the profile knows. Sending a file twice changes nothing: a prediction is known by its id. Rows that cannot be used
are left out and explained; the exit code is then 1. Outcomes may come with them, or later by tidemark label. A processor takes
what is some weeks old at most: older files are judged by tidemark replay.

Examples:
  tidemark record scored.parquet --profile churn.profile.json --id customer --time scored_at --score p
  tidemark record scored.csv --profile price.profile.json --value predicted --segments region
  tidemark record scored.parquet --profile churn.profile.json --score p --outcome churned --outcome-time ended_at`;

/** `tidemark record FILE`: the predictions of a batch job to a running processor. */
export function registerRecord(program: Command): void {
  const command = program
    .command("record")
    .description("send the predictions of a batch job from a file to a running processor")
    .argument("<file>", "Parquet, CSV, JSON lines or Arrow file, one row a prediction")
    .requiredOption("--profile <file>", "the model's profile: its name, version and features");
  addColumnOptions(command)
    .option("--model-version <version>", "version of the model; otherwise the profile's")
    .option("--segments <columns>", "further columns to send along, separated by commas", splitList, [])
    .option("--url <url>", "address of the processor", "http://127.0.0.1:4318")
    .option("--token-file <file>", `file that holds a token of the scope ingest; else the variable ${TOKEN_VARIABLE}`)
    .addHelpText("after", EXAMPLES)
    .action(record);
}

async function record(path: string, flags: RecordFlags): Promise<void> {
  const profile = await readProfileFile(flags.profile);
  const options = recordFileOptions(path, flags, profile, flags.segments);
  const file = await openRecordFile({ ...options, version: flags.modelVersion ?? options.version });
  let bar: ProgressBar | null = null;
  try {
    const absent = profileInputs(profile).filter((name) => !file.inputs.includes(name));
    if (absent.length > 0) console.error(`${path} has no column for ${absent.join(", ")}: told as absent`);
    bar = createProgressBar(file.rows, "rows");
    const { show } = bar;
    const token = await readToken(flags.tokenFile);
    const { rows, rejected, reasons } = await sendRecords(file, { url: flags.url, token, onProgress: show });
    bar.clear();
    const count = (number: number) => number.toLocaleString("en");
    const left = rejected === 0 ? "" : `, ${count(rejected)} records left out:`;
    console.log(`${count(rows)} rows sent for ${profile.model.name}${left}`);
    for (const { reason, count: records, example } of reasons)
      console.log(`  ${count(records)} × ${reason}: ${example}`);
    process.exitCode = rejected === 0 ? EXIT.ok : EXIT.failed;
  } finally {
    bar?.clear();
    await file.close();
  }
}
