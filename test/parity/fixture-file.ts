import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { detectionCases } from "./detection-cases.ts";
import { tableCases } from "./table-cases.ts";

/** One call of a peer's function, with its answer. */
export interface FixtureCase {
  readonly id: string;
  readonly fn: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** The named input; empty where the arguments hold everything. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly expected: unknown;
  /** What |a - b| / max(1, |b|) may be, where the case says so itself. */
  readonly tolerance?: number;
}

export interface FixtureFile {
  readonly name: string;
  /** Null where the file holds inputs for others. */
  readonly cases: readonly FixtureCase[] | null;
}

type Json = Readonly<Record<string, unknown>>;

/** Keys under which the files keep their named inputs. */
const INPUT_KEYS = ["inputs", "streams", "pairs", "vectors"];

/** Reads a fixture file of the format of README.md beside it; floats written as strings become numbers. */
export function readFixtureFile(path: string): FixtureFile {
  const content = parse(path);
  const name = basename(path);
  if ("slot_windows" in content) return { name, cases: detectionCases(content) };
  if (!Array.isArray(content["cases"]))
    return { name, cases: name.startsWith("inputs_") ? null : tableCases(path, content) };
  const inputs = inputsOf(path, content);
  const cases = content["cases"].map((entry: Json, index) => toCase(entry, index, { content, inputs, path }));
  return { name, cases: resolveRepeats(cases) };
}

interface Surroundings {
  readonly content: Json;
  readonly inputs: Json;
  readonly path: string;
}

function toCase(entry: Json, index: number, { content, inputs, path }: Surroundings): FixtureCase {
  const source = typeof entry["file"] === "string" ? inputsOfFile(join(path, "..", `${entry["file"]}.json`)) : inputs;
  const { id, fn, args, expected, input, lib, file, tol, ...rest } = entry;
  // Where a case holds its own samples beside its arguments, they are its input.
  const own = input ?? (args === undefined ? {} : rest);
  return {
    id: String(id ?? index),
    fn: String(fn ?? lib ?? content["lib"]),
    args: (args ?? rest) as Json,
    input: typeof input === "string" ? ((source[input] ?? {}) as Json) : (own as Json),
    expected: "expected" in entry ? expected : rest,
    ...(typeof tol === "number" && { tolerance: tol }),
  };
}

/** `pvals: "same as ID"` stands for the p-values of that case. */
function resolveRepeats(cases: readonly FixtureCase[]): FixtureCase[] {
  const byId = new Map(cases.map((entry) => [entry.id, entry]));
  const resolved = (members: Json, of: "args" | "input") =>
    Object.fromEntries(
      Object.entries(members).map(([key, value]) => {
        const repeats = typeof value === "string" && value.startsWith("same as ");
        return [key, repeats ? byId.get(value.slice(8))?.[of][key] : value];
      }),
    );
  return cases.map((entry) => ({
    ...entry,
    args: resolved(entry.args, "args"),
    input: Array.isArray(entry.input) ? entry.input : resolved(entry.input, "input"),
  }));
}

function inputsOf(path: string, content: Json): Json {
  for (const key of INPUT_KEYS) if (content[key] !== undefined) return content[key] as Json;
  const named = /(inputs_\w+|detectors_river)\.json/.exec(String(content["doc"] ?? ""))?.[1];
  const known = named ?? "inputs_numeric_pairs";
  const beside = join(path, "..", `${known}.json`);
  return existsSync(beside) ? inputsOfFile(beside) : {};
}

function inputsOfFile(path: string): Json {
  const content = parse(path);
  for (const key of INPUT_KEYS) if (content[key] !== undefined) return content[key] as Json;
  return content;
}

const parsed = new Map<string, Json>();

function parse(path: string): Json {
  const known = parsed.get(path);
  if (known !== undefined) return known;
  const content = JSON.parse(readFileSync(path, "utf8"), (_, value) => SPECIAL.get(value) ?? value) as Json;
  parsed.set(path, content);
  return content;
}

const SPECIAL: ReadonlyMap<unknown, number> = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);
