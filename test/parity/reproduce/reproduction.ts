import { DEFAULT_TOLERANCE, type Tolerance } from "../compare.ts";
import type { FixtureCase } from "../fixture-file.ts";

/** How a peer's function is called with ours. */
export interface Reproduction {
  /** Our answer in the shape of the expected one; throws RangeError or gives null where there is none. */
  readonly run: (entry: FixtureCase) => unknown;
  readonly tolerance: Tolerance;
}

export type ReproductionGroup = Readonly<Record<string, Reproduction>>;

export function reproduce(run: Reproduction["run"], tolerance: Partial<Tolerance> = {}): Reproduction {
  return { run, tolerance: { ...DEFAULT_TOLERANCE, ...tolerance } };
}

/** The argument's numbers, whether given in place or as `$name` of the input (also as `name` itself); missing values stay null. */
export function numbersOf(entry: FixtureCase, name: string): readonly number[] {
  const value = name.startsWith("$") ? name : entry.args[name];
  const resolved = typeof value === "string" && value.startsWith("$") ? entry.input[value.slice(1)] : value;
  if (!Array.isArray(resolved)) throw new TypeError(`case ${entry.id} has no list ${name}`);
  return resolved as readonly number[];
}

/** Without null, the fixtures' missing value. */
export function withoutMissing<T>(values: readonly (T | null)[]): T[] {
  return values.filter((value): value is T => value !== null && !Number.isNaN(value));
}

// biome-ignore lint/suspicious/noExplicitAny: the inputs of the specification's vectors differ by function
export type SpecifiedInput = any;

/** Reproductions of a specification's vectors, which name one input object and state their own tolerance. */
export function specified(functions: Readonly<Record<string, (input: SpecifiedInput) => unknown>>): ReproductionGroup {
  return Object.fromEntries(Object.entries(functions).map(([fn, run]) => [fn, reproduce((entry) => run(entry.input))]));
}
