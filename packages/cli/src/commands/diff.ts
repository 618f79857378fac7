import { readFile } from "node:fs/promises";
import { type Measurement, measurementSchema } from "@tidemark/schema";
import { TidemarkError } from "@tidemark/semconv";
import type { Command } from "commander";
import { z } from "zod";
import { EXIT } from "../config/fail.ts";
import { printLines } from "../config/print-lines.ts";
import { compareRuns, type RunDifference } from "../replay/compare-runs.ts";

const EXAMPLES = `
Takes what "tidemark replay" writes, or the answer of /v1/measurements. Exit code 0 where the runs agree to the bit, 1 where they do not.

Example:
  tidemark diff now.json stricter.json --states`;

const runSchema = z.object({ measurements: z.array(measurementSchema) });

/** `tidemark diff A B`: where two runs do not agree. */
export function registerDiff(program: Command): void {
  program
    .command("diff")
    .description("compare the measurements of two runs")
    .argument("<first>", "a run")
    .argument("<second>", "another run of the same records")
    .option("--states", "only verdicts that differ", false)
    .addHelpText("after", EXAMPLES)
    .action(diff);
}

async function diff(firstFile: string, secondFile: string, { states }: { states: boolean }): Promise<void> {
  const [first, second] = [await readRun(firstFile), await readRun(secondFile)];
  const differences = compareRuns(first, second).filter(({ kind }) => !states || kind === "state");
  printLines(differences.map(lineOf));
  console.log(`${hashesOf(first)} against ${hashesOf(second)}: ${differences.length} of ${first.length} differ`);
  process.exitCode = differences.length === 0 ? EXIT.ok : EXIT.failed;
}

async function readRun(file: string): Promise<readonly Measurement[]> {
  try {
    return runSchema.parse(JSON.parse(await readFile(file, "utf8"))).measurements;
  } catch (cause) {
    throw new TidemarkError("usage", `${file} holds no measurements`, {
      cause,
      fix: "Name a file that tidemark replay wrote, or the answer of /v1/measurements.",
    });
  }
}

function lineOf({ kind, measurement, other }: RunDifference): string {
  const { window, signal, target, metric, state, value } = measurement;
  const what = `${window.start.slice(0, 16)} ${window.name}  ${signal} ${target.name} ${metric}`;
  if (kind === "only_first") return `- ${what}: ${value}`;
  if (kind === "only_second") return `+ ${what}: ${value}`;
  return kind === "state" ? `~ ${what}: ${state} -> ${other!.state}` : `~ ${what}: ${value} -> ${other!.value}`;
}

/** Profile and configuration of a run, shortened. */
function hashesOf(measurements: readonly Measurement[]): string {
  const short = (hash: string) => hash.replace("sha256:", "").slice(0, 8);
  const pairs = new Set(measurements.map(({ profileId, configId }) => `${short(profileId)}/${short(configId)}`));
  return [...pairs].join(", ") || "nothing";
}
