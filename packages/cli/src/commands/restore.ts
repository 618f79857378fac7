import { existsSync } from "node:fs";
import path from "node:path";
import { folderOwner, readBackup, restoreStore } from "@tidemark/processor";
import { TidemarkError } from "@tidemark/semconv";
import type { Command } from "commander";
import { assertEmbedded } from "../config/assert-embedded.ts";
import { loadConfig } from "../config/load-config.ts";

/** `tidemark restore BACKUP FILE`: a data folder from a backup. */
export function registerRestore(program: Command): void {
  program
    .command("restore")
    .description("make the data folder from a backup")
    .argument("<backup>", "folder that `tidemark backup` wrote")
    .argument("[file]", "the configuration", "tidemark.yaml")
    .option("--yes", "move a data folder that is there out of the way", false)
    .addHelpText(
      "after",
      `
The processor must not run. A data folder that is there is moved aside, never removed, and only with --yes.

Example:
  tidemark restore tidemark-backups/2026-11-25T08-00-00-000Z tidemark.yaml --yes`,
    )
    .action(async (backup: string, file: string, { yes }: { yes: boolean }) => {
      const { config, directory } = await loadConfig(file);
      assertEmbedded(config);
      const folder = path.resolve(directory, config.store.path);
      const { time } = readBackup(backup);
      const owner = folderOwner(folder);
      if (owner !== null) throw new TidemarkError("storeLocked", `process ${owner} has the data folder ${folder} open`);
      if (existsSync(folder) && !yes) {
        throw new TidemarkError("usage", `${folder} is there; what came after ${time} would no longer be in it`, {
          fix: "Add --yes to move it aside and put the backup in its place.",
        });
      }
      const before = await restoreStore(backup, folder, Date.now);
      if (before !== null) console.log(`moved ${folder} to ${before}`);
      console.log(`restored ${folder} as of ${time}`);
    });
}
