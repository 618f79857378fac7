import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { readProfileFile } from "@tidemark/processor";
import type { Config } from "@tidemark/schema";
import type { Command } from "commander";
import { loadConfig } from "../config/load-config.ts";
import { createProgressBar, type ProgressBar } from "../label/progress-bar.ts";
import { addColumnOptions, type ColumnFlags, namesColumns, recordFileOptions } from "../record/record-columns.ts";
import { modelsNamed } from "../replay/own-config.ts";
import { runReplay } from "../replay/run-replay.ts";
import { collectReportData } from "../report/collect-report-data.ts";
import { httpReadApi } from "../report/http-read-api.ts";
import { renderReport } from "../report/render-report.ts";

interface ReplayFlags extends ColumnFlags {
  readonly model: string;
  readonly config: string;
  readonly output: string;
  readonly report?: string;
}

const EXAMPLES = `
Judges records in event time and by the same code as live: under another configuration, another profile, another version of
Tidemark. The file is one that "tidemark export" wrote, or any file of scored rows whose columns are named; of that the features of the
profile and the segments of the configuration are inputs. Nothing that runs is touched, and nothing needs to run. The result holds
every measurement with the hashes of the profile and the configuration that made it; "tidemark diff" compares two.

Examples:
  tidemark export --model flight-delay -o may.parquet --from 2001-05-01T00:00:00Z
  tidemark replay may.parquet --model flight-delay -o now.json
  tidemark replay may.parquet --model flight-delay --config stricter.yaml -o stricter.json
  tidemark diff now.json stricter.json
  tidemark replay scored.parquet --model churn --id customer --time scored_at --score p --outcome churned --report churn.html`;

/** `tidemark replay FILE`: the verdicts on stored records under any configuration. */
export function registerReplay(program: Command): void {
  const command = program
    .command("replay")
    .description("judge the records of a file, under any configuration or profile")
    .argument(
      "<file>",
      "Parquet, CSV, JSON lines or Arrow: as tidemark export writes them, or any whose columns are named",
    )
    .requiredOption("--model <name>", "name of the model")
    .option("--config <file>", "the configuration", "tidemark.yaml")
    .option("-o, --output <file>", "where to write the measurements", "run.json")
    .option("--report <file>", "where to write the report, one HTML page");
  addColumnOptions(command).addHelpText("after", EXAMPLES).action(replay);
}

async function replay(path: string, flags: ReplayFlags): Promise<void> {
  const { model, output, report } = flags;
  const { config, directory } = await loadConfig(flags.config);
  let bar: ProgressBar | null = null;
  const run = await runReplay({
    file: namesColumns(flags) ? await namedColumns(path, flags, config, directory) : { path, model },
    config,
    directory,
    onProgress(done, total) {
      bar ??= createProgressBar(total, "rows");
      bar.show(done);
    },
    async onJudged(url) {
      if (report !== undefined) await writeFile(report, renderReport(await collectReportData(httpReadApi(url), model)));
    },
  });
  (bar as ProgressBar | null)?.clear();
  await writeFile(output, `${JSON.stringify(run, null, 1)}\n`);
  const windows = new Set(run.measurements.map(({ window }) => `${window.name} ${window.start}`)).size;
  const left = run.rejected === 0 ? "" : `, ${run.rejected} records could not be used`;
  console.log(
    `${run.rows} rows in ${windows} windows${left}; ${run.measurements.length} measurements in ${resolve(output)}`,
  );
  for (const { reason, count, example } of run.reasons) console.log(`  ${count} × ${reason}: ${example}`);
  if (report !== undefined) console.log(`wrote ${resolve(report)}`);
}

async function namedColumns(path: string, flags: ReplayFlags, config: Config, directory: string) {
  const [configured] = modelsNamed(config, flags.model);
  const profile = await readProfileFile(resolve(directory, configured!.profile));
  return recordFileOptions(path, flags, profile, configured!.segments);
}
