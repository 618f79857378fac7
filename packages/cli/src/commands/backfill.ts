import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { Command } from "commander";
import { loadConfig } from "../config/load-config.ts";
import { runBackfill } from "../replay/run-backfill.ts";

interface BackfillFlags {
  readonly model?: string;
  readonly config: string;
  readonly workspace?: string;
  readonly output: string;
}

const EXAMPLES = `
Judges the whole stored history again, by the same code as live: under another configuration, another profile, another version of
Tidemark. It works in a copy of a backup, which is removed afterwards: the running processor and its results are not touched. Unlike
"tidemark replay", which takes exported records, it has the metric points of the services too. The result holds every measurement with
the hashes of the profile and the configuration that made it; "tidemark diff" compares two.

Examples:
  tidemark backup tidemark.yaml
  tidemark backfill tidemark-backups/2026-11-25T08-00-00-000Z -o now.json
  tidemark backfill tidemark-backups/2026-11-25T08-00-00-000Z --config stricter.yaml -o stricter.json
  tidemark diff now.json stricter.json --states`;

/** `tidemark backfill BACKUP`: the verdicts on the stored history under any configuration. */
export function registerBackfill(program: Command): void {
  program
    .command("backfill")
    .description("judge the stored history again, under any configuration or profile")
    .argument("<backup>", "folder that `tidemark backup` wrote")
    .option("--model <name>", "one model; else all that the configuration has")
    .option("--config <file>", "the configuration", "tidemark.yaml")
    .option(
      "--workspace <folder>",
      "where the copy is made; it takes as much room as the backup. Else the system's own",
    )
    .option("-o, --output <file>", "where to write the measurements", "run.json")
    .addHelpText("after", EXAMPLES)
    .action(backfill);
}

async function backfill(backup: string, flags: BackfillFlags): Promise<void> {
  const { config, directory } = await loadConfig(flags.config);
  const { model, workspace, output } = flags;
  const onStep = (step: string) => console.error(`${step} ...`);
  const measurements = await runBackfill({ backup, config, directory, model, workspace, onStep });
  await writeFile(output, `${JSON.stringify({ measurements }, null, 1)}\n`);
  const windows = new Set(measurements.map((each) => `${each.model} ${each.window.name} ${each.window.start}`)).size;
  console.log(`${windows} windows; ${measurements.length} measurements in ${path.resolve(output)}`);
}
