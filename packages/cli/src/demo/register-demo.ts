import { INCIDENTS, type IncidentName } from "@tidemark/example-flights";
import { type Command, Option } from "commander";
import { prepareDemo } from "./prepare-demo.ts";
import { runDemo } from "./run-demo.ts";

interface DemoFlags {
  readonly all?: boolean;
  readonly incident?: IncidentName;
  readonly json?: string;
  readonly keep?: boolean;
  readonly prepareOnly?: boolean;
  readonly dir: string;
}

const HELP = `
Three million US flights of 2001 go through a real model service: will this flight be 15 or more minutes late? The model
was trained on 1 to 28 January. Processor, service and traffic run as processes of their own and talk OTLP.

Incidents, from 1 May on:
${Object.entries(INCIDENTS)
  .map(([name, { meaning }]) => `  ${name.padEnd(12)} ${meaning}`)
  .join("\n")}

Exit code 0 when it ran through, 1 when a process failed, 130 after Ctrl-C.

Examples:
  tidemark demo
  tidemark demo --incident miles-to-km --keep
  tidemark demo --all --json summary.json`;

/** `tidemark demo`: half a year of a model's life in a minute. */
export function registerDemo(program: Command): void {
  program
    .command("demo")
    .description("watch a real model live, age and be caught doing so")
    .option("--all", "all three million flights instead of about 315,000")
    .addOption(new Option("--incident <name>", "break the data feed from 1 May on").choices(Object.keys(INCIDENTS)))
    .option("--json <file>", "write the summary for scripts")
    .option("--keep", "leave the processor running, with the report at /")
    .option("--prepare-only", "write flights, profile and configuration, and end: for processes that run elsewhere")
    .option("--dir <folder>", "where to put report, predictions and data", "tidemark-demo")
    .addHelpText("after", HELP)
    .action(async ({ all = false, incident, json, keep = false, prepareOnly = false, dir }: DemoFlags) => {
      if (prepareOnly) return prepareDemo(dir, all);
      process.exitCode = await runDemo({ all, incident: incident ?? null, json: json ?? null, keep, directory: dir });
    });
}
