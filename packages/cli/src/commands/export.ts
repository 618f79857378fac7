import { existsSync } from "node:fs";
import path from "node:path";
import { TidemarkError } from "@tidemark/semconv";
import type { Command } from "commander";
import { readToken, TOKEN_VARIABLE } from "../config/read-token.ts";
import { downloadFile } from "../report/download-file.ts";

interface ExportFlags {
  readonly model: string;
  readonly modelVersion?: string;
  readonly role?: string;
  readonly from?: string;
  readonly to?: string;
  readonly labelled: boolean;
  readonly format?: string;
  readonly output?: string;
  readonly url: string;
  readonly tokenFile?: string;
}

const EXAMPLES = `
One row a prediction: id, time, version, score, label, value, outcome, one column an input, and weight, the inverse of the
probability with which a sampled record was kept. Train with the weights and the sample is as good as the whole.

Examples:
  tidemark export --model flight-delay -o retrain.parquet --labelled --from 2001-05-01T00:00:00Z
  tidemark export --model flight-delay --role challenger --format csv -o challenger.csv`;

/** `tidemark export`: predictions joined with their outcomes, weighted, as a file for retraining. */
export function registerExport(program: Command): void {
  program
    .command("export")
    .description("predictions with their outcomes and weights as a file for retraining")
    .requiredOption("--model <name>", "name of the model")
    .option("--model-version <version>", "which version, where there are several")
    .option("--role <role>", "which role, where there are several")
    .option("--from <time>", "predictions at or after this time, ISO 8601")
    .option("--to <time>", "predictions before this time, ISO 8601")
    .option("--labelled", "only predictions whose outcome is known", false)
    .option("--format <format>", "parquet, csv or jsonl; by the file's ending unless given")
    .option("-o, --output <file>", "where to write it; predictions.parquet unless given")
    .option("--url <url>", "address of the processor", "http://127.0.0.1:4318")
    .option("--token-file <file>", `file that holds a token of the scope read; else the variable ${TOKEN_VARIABLE}`)
    .addHelpText("after", EXAMPLES)
    .action(exportPredictions);
}

async function exportPredictions(flags: ExportFlags): Promise<void> {
  const { model, modelVersion: version, role, from, to, labelled } = flags;
  const format = flags.format ?? (path.extname(flags.output ?? "").slice(1) || "parquet");
  const target = path.resolve(flags.output ?? `predictions.${format}`);
  const wanted = { model, version, role, from, to, format, ...(labelled ? { labelled: "true" } : {}) };
  const query = new URLSearchParams(
    Object.entries(wanted).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const folder = path.dirname(target);
  if (!existsSync(folder))
    throw new TidemarkError("usage", `there is no folder ${folder}`, { fix: "Make it, or name another with -o." });
  await downloadFile(flags.url, `/v1/export?${query}`, await readToken(flags.tokenFile), target);
  console.log(`wrote ${target}`);
}
