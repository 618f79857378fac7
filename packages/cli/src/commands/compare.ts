import type { StoredComparison } from "@tidemark/processor";
import type { Command } from "commander";
import { printLines } from "../config/print-lines.ts";
import { readToken, TOKEN_VARIABLE } from "../config/read-token.ts";
import { readFrom } from "../report/http-read-api.ts";

const EXAMPLES = `
Predictions of a challenger, canary or shadow (ml.deployment.role) are held against the champion's with the same id. The verdict
may be looked at as often as you like: it is wrong at most once in twenty comparisons, however many looks.

Examples:
  tidemark compare flight-delay
  tidemark compare flight-delay --json | jq '.comparisons[0].verdict'`;

/** `tidemark compare MODEL`: would the challenger have done better on the same requests? */
export function registerCompare(program: Command): void {
  program
    .command("compare")
    .description("verdict on challengers, canaries and shadows against the champion")
    .argument("<model>", "name of the model")
    .option("--url <url>", "address of the processor", "http://127.0.0.1:4318")
    .option("--token-file <file>", `file that holds a token of the scope read; else the variable ${TOKEN_VARIABLE}`)
    .option("--json", "the answer as JSON", false)
    .addHelpText("after", EXAMPLES)
    .action(compareModels);
}

interface CompareFlags {
  readonly url: string;
  readonly tokenFile?: string;
  readonly json: boolean;
}

async function compareModels(model: string, { url, tokenFile, json }: CompareFlags): Promise<void> {
  const path = `/v1/comparisons?${new URLSearchParams({ model })}`;
  const answer = await readFrom<{ comparisons: StoredComparison[] }>(url, path, await readToken(tokenFile));
  if (json) {
    console.log(JSON.stringify(answer, null, 2));
    return;
  }
  if (answer.comparisons.length === 0) {
    console.log(
      `Nothing to compare: ${model} has no challenger, canary or shadow that answered the champion's requests.`,
    );
  }
  for (const { role, version, verdict, note, lower, upper, windowEnd } of answer.comparisons) {
    printLines([`${role} ${version}: ${verdict.replaceAll("_", " ")} (as of ${windowEnd})`, `  ${note}`]);
    if (lower !== null && upper !== null)
      console.log(`  any-time bounds of the mean difference: ${lower.toPrecision(3)} to ${upper.toPrecision(3)}`);
  }
}
