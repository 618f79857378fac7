import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { Command } from "commander";
import { loadConfig } from "../config/load-config.ts";
import { createProgressBar, type ProgressBar } from "../label/progress-bar.ts";
import { runReplay } from "../replay/run-replay.ts";

interface ReplayFlags {
  readonly model: string;
  readonly config: string;
  readonly output: string;
}

const EXAMPLES = `
Judges stored records again, in event time and by the same code as live: under another configuration, another profile, another version of
Tidemark. The file is one that "tidemark export" wrote, or one with its columns. Nothing that runs is touched. The result holds
every measurement with the hashes of the profile and the configuration that made it; "tidemark diff" compares two.

Examples:
  tidemark export --model flight-delay -o may.parquet --from 2001-05-01T00:00:00Z
  tidemark replay may.parquet --model flight-delay -o now.json
  tidemark replay may.parquet --model flight-delay --config stricter.yaml -o stricter.json
  tidemark diff now.json stricter.json`;

/** `tidemark replay FILE`: the verdicts on stored records under any configuration. */
export function registerReplay(program: Command): void {
  program
    .command("replay")
    .description("judge stored records again, under any configuration or profile")
    .argument("<file>", "Parquet, CSV or JSON lines, as tidemark export writes them")
    .requiredOption("--model <name>", "name of the model")
    .option("--config <file>", "the configuration", "tidemark.yaml")
    .option("-o, --output <file>", "where to write the measurements", "run.json")
    .addHelpText("after", EXAMPLES)
    .action(replay);
}

async function replay(file: string, { model, config: configFile, output }: ReplayFlags): Promise<void> {
  const { config, directory } = await loadConfig(configFile);
  let bar: ProgressBar | null = null;
  const onProgress = (done: number, total: number) => {
    bar ??= createProgressBar(total, "rows");
    bar.show(done);
  };
  const run = await runReplay({ path: file, model, config, directory, onProgress });
  (bar as ProgressBar | null)?.clear();
  await writeFile(output, `${JSON.stringify(run, null, 1)}\n`);
  const windows = new Set(run.measurements.map(({ window }) => `${window.name} ${window.start}`)).size;
  const left = run.rejected === 0 ? "" : `, ${run.rejected} records could not be used`;
  console.log(
    `${run.rows} rows in ${windows} windows${left}; ${run.measurements.length} measurements in ${path.resolve(output)}`,
  );
}
