import type { EnsembleValue, StoredEnsemble } from "@tidemark/processor";
import type { Command } from "commander";
import { printLines } from "../config/print-lines.ts";
import { readToken, TOKEN_VARIABLE } from "../config/read-token.ts";
import { readFrom } from "../report/http-read-api.ts";

const EXAMPLES = `
Each prediction of the ensemble tells what its members answered (ml.ensemble.answers). Worth is what leaving the member out would add to
the mean squared error: above 0 it helps. Proposed weights are fitted to matured outcomes, and their gain is measured on outcomes they had
not seen; nothing is applied.

Examples:
  tidemark ensemble flight-delay
  tidemark ensemble flight-delay --json | jq '.ensembles[0].members[] | {name, weightProposed}'`;

/** `tidemark ensemble MODEL`: which members earn their place, and would other weights be better? */
export function registerEnsemble(program: Command): void {
  program
    .command("ensemble")
    .description("what each member of an ensemble is worth, and weights refitted on outcomes as a proposal")
    .argument("<model>", "name of the model")
    .option("--url <url>", "address of the processor", "http://127.0.0.1:4318")
    .option("--token-file <file>", `file that holds a token of the scope read; else the variable ${TOKEN_VARIABLE}`)
    .option("--json", "the answer as JSON", false)
    .addHelpText("after", EXAMPLES)
    .action(showEnsembles);
}

interface EnsembleFlags {
  readonly url: string;
  readonly tokenFile?: string;
  readonly json: boolean;
}

async function showEnsembles(model: string, { url, tokenFile, json }: EnsembleFlags): Promise<void> {
  const path = `/v1/ensembles?${new URLSearchParams({ model })}`;
  const answer = await readFrom<{ ensembles: StoredEnsemble[] }>(url, path, await readToken(tokenFile));
  if (json) {
    console.log(JSON.stringify(answer, null, 2));
    return;
  }
  if (answer.ensembles.length === 0) {
    console.log(`Nothing to show: no judged window of ${model} has predictions that say what members answered.`);
  }
  printLines(answer.ensembles.flatMap((ensemble) => ensembleText(ensemble).split("\n")));
}

/** An ensemble as lines of text. */
export function ensembleText(ensemble: StoredEnsemble): string {
  const { model, version, role, windowName, windowEnd, outcomes, scores, members, disagreement, proposal } = ensemble;
  const row = (cells: readonly string[]) =>
    `  ${cells.map((cell, index) => (index === 0 ? cell.padEnd(20) : `  ${cell.padStart(25)}`)).join("")}`;
  const shown = scores.loss === null ? "accuracy" : "squared error";
  const scoreOf = (each: StoredEnsemble["scores"]) => textOf(each.loss ?? each.accuracy);
  return [
    `${model} ${version} (${role}), window of ${windowName} to ${windowEnd}, ${outcomes} outcomes`,
    row(["member", shown, "worth", "weight, proposed"]),
    row(["the ensemble", scoreOf(scores), "", ""]),
    ...members.map((each) =>
      row([
        each.name,
        scoreOf(each),
        textOf(each.benefit),
        `${shortText(each.weightInUse)}, ${shortText(each.weightProposed)}`,
      ]),
    ),
    ...(disagreement === null
      ? []
      : [`  members disagree on ${(100 * disagreement.share).toFixed(1)} % of the predictions`]),
    ...(proposal === null ? [] : [`  ${proposal.note}`]),
  ].join("\n");
}

function textOf(found: EnsembleValue | null): string {
  if (found === null || found.value === null) return "-";
  const { value, lower, upper } = found;
  return lower === null ? shortText(value) : `${shortText(value)} (${shortText(lower)}..${shortText(upper)})`;
}

function shortText(value: number | null): string {
  return value === null ? "-" : String(Number(value.toPrecision(3)));
}
