import type { ShownPrediction } from "@tidemark/processor";
import type { Command } from "commander";
import { printLines } from "../config/print-lines.ts";
import { readToken, TOKEN_VARIABLE } from "../config/read-token.ts";
import { readFrom } from "../report/http-read-api.ts";

interface ShowFlags {
  readonly model: string;
  readonly url: string;
  readonly tokenFile?: string;
  readonly json: boolean;
}

const EXAMPLES = `
Examples:
  tidemark show 0190f1c2-... --model flight-delay
  tidemark show 0190f1c2-... --model flight-delay --json | jq -r '.predictions[0].traceId'`;

/** `tidemark show ID`: one prediction with its inputs, outcome and trace, and what was unusual about it. */
export function registerShow(program: Command): void {
  program
    .command("show")
    .description("one prediction: inputs, outcome, trace, and what was unusual")
    .argument("<id>", "id of the prediction")
    .requiredOption("--model <name>", "name of the model")
    .option("--url <url>", "address of the processor", "http://127.0.0.1:4318")
    .option("--token-file <file>", `file that holds a token of the scope read; else the variable ${TOKEN_VARIABLE}`)
    .option("--json", "the answer as JSON", false)
    .addHelpText("after", EXAMPLES)
    .action(showPrediction);
}

async function showPrediction(id: string, { model, url, tokenFile, json }: ShowFlags): Promise<void> {
  const path = `/v1/predictions/${encodeURIComponent(id)}?${new URLSearchParams({ model })}`;
  const answer = await readFrom<{ predictions: ShownPrediction[] }>(url, path, await readToken(tokenFile));
  if (json) console.log(JSON.stringify(answer, null, 2));
  else printLines(answer.predictions.flatMap(describePrediction));
}

function describePrediction(prediction: ShownPrediction): string[] {
  const { id, model, version, role, time, label, score, value, samplingProbability, traceId, segments } = prediction;
  const said = [label, score === null ? null : `score ${score}`, value].filter((part) => part !== null).join(", ");
  const unusual = new Map((prediction.unusual ?? []).map((each) => [each.feature, each.reason]));
  const members = Object.entries(prediction.members).map(([name, answer]) => `${name} ${answer ?? "gave no answer"}`);
  const probabilities = Object.entries(prediction.probabilities)
    .sort(([, a], [, b]) => (b ?? 0) - (a ?? 0))
    .map(([name, each]) => `${name} ${each ?? "is no number"}`);
  const names = [...Object.keys(prediction.vectors), ...Object.keys(prediction.inputs)];
  const width = Math.max(0, ...names.map((name) => name.length));
  return [
    `${id}  ${model} ${version} (${role})`,
    `  predicted  ${said === "" ? "nothing" : said}, at ${time}`,
    `  outcome    ${outcomeText(prediction.outcome)}`,
    ...(probabilities.length === 0 ? [] : [`  classes    ${probabilities.join(", ")}`]),
    ...(members.length === 0 ? [] : [`  members    ${members.join(", ")}`]),
    ...(traceId === "" ? [] : [`  trace      ${traceId}`]),
    ...(segments.length === 0 ? [] : [`  segments   ${segments.join(", ")}`]),
    ...(samplingProbability < 1
      ? [`  weight     ${1 / samplingProbability} (kept with probability ${samplingProbability})`]
      : []),
    ...(isEmpty(prediction.inputs) && isEmpty(prediction.vectors) ? ["  inputs     none are recorded"] : ["  inputs"]),
    ...Object.entries(prediction.vectors).map(([name, vector]) => `    ${name.padEnd(width)}  ${vectorText(vector)}`),
    ...Object.entries(prediction.inputs).map(([name, input]) => {
      const reason = unusual.get(name);
      return `    ${name.padEnd(width)}  ${input ?? "missing"}${reason === undefined ? "" : `   <- unusual: ${reason}`}`;
    }),
  ];
}

/** Elements that are printed of a vector. */
const FIRST_ELEMENTS = 4;

/** A vector in short: how many elements, its length, the first of them. */
function vectorText(vector: ShownPrediction["vectors"][string]): string {
  const odd = vector.filter((element) => element === null).length;
  const norm = Math.hypot(...vector.map((element) => element ?? 0));
  const first = vector.slice(0, FIRST_ELEMENTS).map((element) => element ?? "not finite");
  const rest = vector.length > FIRST_ELEMENTS ? ", ..." : "";
  const length = odd === 0 ? `norm ${Number(norm.toPrecision(4))}` : `${odd} of them not finite`;
  return `${vector.length} numbers, ${length}: ${first.join(", ")}${rest}`;
}

function isEmpty(record: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(record).length === 0;
}

function outcomeText(outcome: ShownPrediction["outcome"]): string {
  if (outcome === null) return "not known yet";
  const { kind, label, value, position, time } = outcome;
  const told = [label, value, position === null ? null : `position ${position}`].filter((part) => part !== null);
  return `${told.length === 0 ? kind : told.join(", ")}, at ${time}`;
}
