import { writeFile } from "node:fs/promises";
import { readProfileFile } from "@tidemark/processor";
import type { Command } from "commander";
import { collectorConfig } from "../collector/collector-config.ts";

/** `tidemark collector-config PROFILE...`: a Collector configuration that counts profile metrics from prediction events. */
export function registerCollectorConfig(program: Command): void {
  program
    .command("collector-config")
    .description("make a Collector configuration that derives profile metrics from prediction events")
    .argument("<profiles...>", "profiles of the models, made by `tidemark profile`")
    .option("-o, --output <file>", "where to write it; standard output unless given")
    .addHelpText(
      "after",
      `
For services in any language that send prediction events with their inputs and no profile metrics: the Collector counts
their values on the profiles' own bins. The file is added to collector-config/gateway.yaml; make it anew when a profile
changes.

Examples:
  tidemark collector-config churn.profile.json -o logs-to-profiles.yaml
  otelcol --config gateway.yaml --config logs-to-profiles.yaml`,
    )
    .action(async (files: string[], { output }: { output?: string }) => {
      const text = collectorConfig(await Promise.all(files.map(readProfileFile)));
      if (output === undefined) process.stdout.write(text);
      else {
        await writeFile(output, text);
        console.log(`${output}: add it with --config after gateway.yaml`);
      }
    });
}
