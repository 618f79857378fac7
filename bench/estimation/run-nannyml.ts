import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DataSet, Rows } from "./data-sets.ts";
import type { ValueRows, ValueSet } from "./value-sets.ts";

export interface NannymlRun {
  readonly nannyml: string;
  /** By window: the estimate and its sampling error. */
  readonly windows: readonly Readonly<Partial<Record<string, readonly [number, number]>>>[];
}

const here = import.meta.dirname;
const environment = join(here, "../../.cache/nannyml-venv");
/** Chunks that NannyML sees in the reference; they set its thresholds only. */
const REFERENCE_CHUNKS = 10;

/**
 * NannyML's CBPE on the same reference and windows. The first call makes a Python environment with the pinned NannyML under
 * .cache (a minute); null where there is no python3 or no package index.
 */
export function runNannyml(set: DataSet): NannymlRun | null {
  return runScript("nannyml_cbpe.py", {
    plan: { classes: set.classes },
    reference: csvOf(set, [set.reference], chunkOf(set.reference.outcomes.length)),
    windows: csvOf(set, set.windows, (w) => w),
  });
}

/** NannyML's DLE, as above. */
export function runNannymlOnValues({ reference, windows }: ValueSet): NannymlRun | null {
  const names = Object.keys(reference.features);
  const isNumeric = (name: string) => reference.features[name]!.every((value) => typeof value !== "string");
  return runScript("nannyml_dle.py", {
    plan: { numeric: names.filter(isNumeric), categorical: names.filter((name) => !isNumeric(name)) },
    reference: valueCsvOf([reference], chunkOf(reference.outcomes.length)),
    windows: valueCsvOf(windows, (w) => w),
  });
}

/** The chunk of a row of the reference. */
function chunkOf(rows: number): (part: number, row: number) => number {
  const size = Math.ceil(rows / REFERENCE_CHUNKS);
  return (_part, row) => Math.floor(row / size);
}

interface ScriptInput {
  readonly plan: object;
  readonly reference: string;
  readonly windows: string;
}

function runScript(name: string, { plan, reference, windows }: ScriptInput): NannymlRun | null {
  const python = process.env["NANNYML_PYTHON"] ?? join(environment, "bin/python");
  if (!existsSync(python) && !createEnvironment(python)) return null;
  const folder = mkdtempSync(join(tmpdir(), "tidemark-nannyml-"));
  try {
    writeFileSync(join(folder, "set.json"), JSON.stringify(plan));
    writeFileSync(join(folder, "reference.csv"), reference);
    writeFileSync(join(folder, "windows.csv"), windows);
    const script = join(here, name);
    const { status, stdout, stderr } = spawnSync(python, [script, folder], {
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
    if (status !== 0) throw new Error(`${script} ended with ${status}: ${stderr}`);
    return JSON.parse(stdout.slice(stdout.indexOf('{"nannyml"')).replaceAll("NaN", "null")) as NannymlRun;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function valueCsvOf(parts: readonly ValueRows[], windowOf: (part: number, row: number) => number): string {
  const names = Object.keys(parts[0]!.features);
  const lines = parts.flatMap(({ features, predictions, outcomes }, part) =>
    Array.from(outcomes, (outcome, i) =>
      [...names.map((name) => features[name]![i] ?? ""), predictions[i], outcome, windowOf(part, i)].join(),
    ),
  );
  return `${[[...names, "predicted", "outcome", "window"].join(), ...lines].join("\n")}\n`;
}

function csvOf(set: DataSet, parts: readonly Rows[], windowOf: (part: number, row: number) => number): string {
  const label = (index: number) => (set.classes.length > 0 ? set.classes[index]! : String(index));
  const header = [...parts[0]!.scores.map((_, k) => `s${k}`), "predicted", "outcome", "window"].join();
  const lines = parts.flatMap(({ scores, predicted, outcomes }, part) =>
    Array.from(outcomes, (outcome, i) =>
      [...scores.map((column) => column[i]!), label(predicted[i]!), label(outcome), windowOf(part, i)].join(),
    ),
  );
  return `${[header, ...lines].join("\n")}\n`;
}

function createEnvironment(python: string): boolean {
  console.log("making a Python environment with NannyML, once");
  const steps: [string, string[]][] = [
    ["python3", ["-m", "venv", environment]],
    [python, ["-m", "pip", "install", "--quiet", "--requirement", join(here, "requirements.txt")]],
  ];
  return steps.every(([command, given]) => spawnSync(command, given, { stdio: "inherit" }).status === 0);
}
