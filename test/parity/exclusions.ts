import type { FixtureCase } from "./fixture-file.ts";

interface Exclusion {
  readonly fn: RegExp;
  /** All cases of the function where left out. */
  readonly id?: RegExp;
  readonly reason: string;
}

/** What is not compared, and why. Everything else must pass. */
const EXCLUSIONS: readonly Exclusion[] = [];

/** The reason for which a case is left out, or null. */
export function exclusionOf(file: string, entry: FixtureCase): string | null {
  const found = EXCLUSIONS.find(
    ({ fn, id }) => fn.test(entry.fn) && (id === undefined || id.test(`${file} ${entry.id}`)),
  );
  return found?.reason ?? null;
}
