import { writeFile } from "node:fs/promises";
import path from "node:path";
import { TidemarkError } from "@tidemark/semconv";
import type { Command } from "commander";
import { loadPredict } from "../attribution/load-predict.ts";
import { permutationImportance } from "../attribution/permutation-importance.ts";
import { readInputRows } from "../attribution/read-input-rows.ts";

interface AttributionFlags {
  readonly predict: string;
  readonly rows: string;
  readonly output: string;
}

const EXAMPLES = `
Asks your model again with one feature at a time dealt anew among stored records, and writes how far its predictions move: importances by
feature, as "tidemark profile --importances" takes them. Needs records with inputs, and no outcomes.

Examples:
  tidemark export --model flight-delay -o may.parquet
  tidemark attribution may.parquet --predict ./model.mjs           # export default (rows) => rows.map((row) => score)
  tidemark attribution may.parquet --predict http://127.0.0.1:9000/predict  # {"rows": [...]} -> {"predictions": [...]}`;

/** `tidemark attribution FILE`: permutation importance from stored records. */
export function registerAttribution(program: Command): void {
  program
    .command("attribution")
    .description("measure what moves a model's predictions, from stored records")
    .argument("<file>", "Parquet, CSV or JSON lines, as tidemark export writes them")
    .requiredOption("--predict <module|url>", "ES module or URL of the model")
    .option("--rows <count>", "records to ask about, evenly spread over the file", "2000")
    .option("-o, --output <file>", "where to write the importances", "importances.json")
    .addHelpText("after", EXAMPLES)
    .action(attribute);
}

async function attribute(file: string, { predict, rows: count, output }: AttributionFlags): Promise<void> {
  const limit = Number(count);
  if (!Number.isInteger(limit) || limit < 2)
    throw new TidemarkError("usage", `--rows is "${count}"; expected a number from 2`);
  const model = await loadPredict(predict);
  const rows = await readInputRows(file, limit);
  if (rows.length < 2) throw new TidemarkError("dataUnreadable", `${file} has fewer than two records`);
  const importances = await permutationImportance(rows, model, (name) => console.error(`${name} ...`));
  await writeFile(output, `${JSON.stringify(importances, null, 1)}\n`);
  for (const [name, value] of Object.entries(importances).sort(([, a], [, b]) => b - a)) {
    console.log(`${value.toPrecision(4).padStart(12)}  ${name}`);
  }
  console.log(`${rows.length} records -> ${path.resolve(output)}`);
}
