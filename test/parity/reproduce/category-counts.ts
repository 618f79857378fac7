import type { FixtureCase } from "../fixture-file.ts";
import { withoutMissing } from "./reproduction.ts";

/** Both samples of a pair of raw categories, counted on the union of their categories in the order of code points. */
export function categoryCounts(entry: FixtureCase): {
  readonly categories: readonly string[];
  readonly reference: readonly number[];
  readonly window: readonly number[];
} {
  const reference = withoutMissing(entry.input["ref"] as (string | null)[]).map(String);
  const window = withoutMissing(entry.input["cur"] as (string | null)[]).map(String);
  const categories = [...new Set([...reference, ...window])].sort(byCodePoints);
  const count = (values: readonly string[]) =>
    categories.map((category) => values.filter((value) => value === category).length);
  return { categories, reference: count(reference), window: count(window) };
}

function byCodePoints(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
