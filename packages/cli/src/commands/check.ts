import { loadModels } from "@tidemark/processor";
import { type Schedule, scheduleTimes } from "@tidemark/schema";
import type { Command } from "commander";
import { loadConfig } from "../config/load-config.ts";

/** `tidemark check FILE`: reads a configuration and its profiles and says what is wrong, what may be, and what will be watched. */
export function registerCheck(program: Command): void {
  program
    .command("check")
    .description("check a configuration and the profiles it names")
    .argument("[file]", "the configuration", "tidemark.yaml")
    .addHelpText(
      "after",
      "\nExit code 0 when everything is right, 2 when something is not.\n\nExample:\n  tidemark check tidemark.yaml",
    )
    .action(async (file: string) => {
      const { config, directory } = await loadConfig(file);
      const models = await loadModels(config, directory, ({ path, message }) =>
        console.log(`note: ${path}: ${message}`),
      );
      for (const { config: model, profile } of models.list()) {
        const features = profile.fields.filter((field) => field.target === "feature");
        const vectors = profile.embeddings?.length ?? 0;
        const inputs =
          vectors === 0 ? `${features.length} features` : `${features.length} features and ${vectors} vectors`;
        console.log(
          `${model.name}: ${inputs} against ${profile.source.rows.toLocaleString("en")} reference rows of version ${profile.model.version}, windows ${model.windows.join(", ")}${scheduleText(model.schedule)}`,
        );
      }
      console.log(`${file} is valid.`);
    });
}

function scheduleText(schedule: Schedule | undefined): string {
  if (schedule === undefined) return "";
  const nextMs = scheduleTimes(schedule).nextAfter(Date.now());
  const next = nextMs === null ? "" : `, next at ${new Date(nextMs).toISOString()}`;
  return `, judged ${schedule.cron} (${schedule.timeZone})${next}`;
}
