import type { RankedRow } from "@tidemark/stats";
import type { FixtureCase } from "../fixture-file.ts";

/** Whether the case's input is a binary one: labels `y`, scores `p`. */
export function isBinary(entry: FixtureCase): boolean {
  return "p" in entry.input;
}

/** The weights that the case names, else 1 a row. */
export function weightsOf(entry: FixtureCase): number[] {
  const rows = (entry.input["y"] as number[]).length;
  const named = (entry.args["weights"] as string | undefined) ?? "none";
  const given = entry.input["w"] as number[] | undefined;
  if (named === "none") return new Array<number>(rows).fill(1);
  if (given === undefined) throw new TypeError(`case ${entry.id} names weights that its input lacks`);
  return named === "w" ? given : given.map((weight, i) => (i % 5 === 0 ? 0 : weight));
}

/** Scored rows of a binary case. */
export function binaryRows(entry: FixtureCase): RankedRow[] {
  const weights = weightsOf(entry);
  const labels = entry.input["y"] as number[];
  return (entry.input["p"] as number[]).map((score, i) => ({
    score,
    positive: labels[i] === 1,
    weight: weights[i]!,
    squaredWeight: weights[i]! ** 2,
  }));
}
