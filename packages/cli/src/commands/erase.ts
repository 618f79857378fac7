import { TidemarkError } from "@tidemark/semconv";
import type { Command } from "commander";
import { readToken, TOKEN_VARIABLE } from "../config/read-token.ts";
import { askProcessor } from "../report/http-read-api.ts";

interface EraseFlags {
  readonly model: string;
  readonly yes: boolean;
  readonly url: string;
  readonly tokenFile?: string;
}

const EXAMPLES = `
Predictions of every version and role with their inputs, and every outcome ever told of the ids, leave the disk. Scores and counts of
windows that were judged stay: they name no one. The processor's audit log notes who asked, not the ids. Backups made before
still hold the records.

Example:
  tidemark erase 0190f1c2-... 0190f1c3-... --model flight-delay --yes`;

/** `tidemark erase ID...`: forgets predictions and outcomes by id. */
export function registerErase(program: Command): void {
  program
    .command("erase")
    .description("forget predictions and outcomes by id")
    .argument("<id...>", "ids of the predictions")
    .requiredOption("--model <name>", "name of the model")
    .option("--yes", "do it; there is no way back", false)
    .option("--url <url>", "address of the processor", "http://127.0.0.1:4318")
    .option("--token-file <file>", `file that holds a token of the scope act; else the variable ${TOKEN_VARIABLE}`)
    .addHelpText("after", EXAMPLES)
    .action(eraseIds);
}

async function eraseIds(ids: string[], { model, yes, url, tokenFile }: EraseFlags): Promise<void> {
  if (!yes) {
    throw new TidemarkError("usage", `${ids.length} ids of ${model} would be erased for good`, { fix: "Add --yes." });
  }
  const response = await askProcessor(url, "/v1/erasures", await readToken(tokenFile), { model, ids });
  const { predictions, outcomes } = (await response.json()) as { predictions: number; outcomes: number };
  console.log(`erased ${predictions} predictions and ${outcomes} outcomes`);
}
