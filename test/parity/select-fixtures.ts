// node --conditions=tidemark-source test/parity/select-fixtures.ts DIR: writes the small subset of DIR that `npm test` holds, to
// packages/stats/test/fixtures. The files' `versions` say which peers made the values.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readFixtureFile } from "./fixture-file.ts";

type Json = Record<string, unknown>;

/** Inputs longer than this as JSON are left out, with their cases; the smallest multi-class input is longer than others need to be. */
const MAX_INPUT_BYTES = 8_000;
const MAX_MULTICLASS_BYTES = 8_000;
/** Cases longer than this as JSON are left out. */
const MAX_CASE_BYTES = 1_500;
/** Of the cases that remain, every n-th is kept, so that a file gives at most about this many. */
const CASES_A_FILE = 200;

const INPUT_KEYS = ["inputs", "streams", "pairs", "vectors"];
const FILES =
  /^(inputs_(numeric_pairs|categorical_pairs|prob_vectors)|(two_sample|ksample_weighted|categorical|prob_vectors)_scipy|metrics_\w+|(detectors|distances)_frouros|drift_evidently|drift_nannyml_methods|multiple_testing|proportion_confint|quantiles_exact|distribution_functions|detectors_river|python_random_sample|spc)\.json$/;

const source = process.argv[2];
if (source === undefined) throw new Error("usage: select-fixtures.ts DIR");
const target = path.join(import.meta.dirname, "../../packages/stats/test/fixtures");
mkdirSync(target, { recursive: true });
for (const name of readdirSync(source)) {
  if (FILES.test(name)) writeFileSync(path.join(target, name), `${JSON.stringify(select(path.join(source, name)))}\n`);
}

function select(file: string): Json {
  const content = JSON.parse(readFileSync(file, "utf8")) as Json;
  for (const key of INPUT_KEYS) if (content[key] !== undefined) content[key] = smallOf(content[key] as Json);
  const { cases } = readFixtureFile(file);
  if (cases !== null) {
    const given = content["cases"] as Json[];
    content["cases"] = thinned(given.filter((entry, i) => isSmall(cases[i]!.input) && isKept(entry)));
  }
  return content;
}

function smallOf(inputs: Json): Json {
  return Object.fromEntries(Object.entries(inputs).filter(([, input]) => isSmall(input)));
}

function isSmall(input: unknown): boolean {
  const isMulticlass = input !== null && typeof input === "object" && "proba" in input;
  return JSON.stringify(input).length <= (isMulticlass ? MAX_MULTICLASS_BYTES : MAX_INPUT_BYTES);
}

function isKept(entry: Json): boolean {
  const repeats = JSON.stringify(entry["args"] ?? {}).includes("same as ");
  return !repeats && JSON.stringify(entry).length <= MAX_CASE_BYTES;
}

function thinned(cases: readonly Json[]): Json[] {
  const step = Math.ceil(cases.length / CASES_A_FILE);
  return cases.filter((_, i) => i % step === 0);
}
