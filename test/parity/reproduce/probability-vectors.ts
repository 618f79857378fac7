import {
  bhattacharyyaCoefficient,
  hellingerDistance,
  jensenShannonDistance,
  kullbackLeiblerDivergence,
  lInfinityDistance,
  psiWithFloor,
  totalVariationFromCounts,
} from "@tidemark/stats";
import type { FixtureCase } from "../fixture-file.ts";
import { categoryCounts } from "./category-counts.ts";
import { numbersOf, type ReproductionGroup, reproduce } from "./reproduction.ts";

/** Two vectors p and q, given as such or as raw categories whose counts they are. */
function pairOf(entry: FixtureCase): readonly [readonly number[], readonly number[]] {
  if ("ref" in entry.args) {
    const { reference, window } = categoryCounts(entry);
    return [reference, window];
  }
  return [numbersOf(entry, "p"), numbersOf(entry, "q")];
}

/** Nearly equal vectors differ in the last digits of their normalised shares: an absolute error of 1e-16 each. */
const SHARE_ROUNDING = { absolute: 1e-15 };

function baseOf(entry: FixtureCase): number {
  return typeof entry.args["base"] === "number" ? entry.args["base"] : Math.E;
}

/** Distances of probability vectors, from SciPy and from numpy formulas. */
export const probabilityVectors: ReproductionGroup = {
  "scipy.spatial.distance.jensenshannon": reproduce(
    (entry) => jensenShannonDistance(...pairOf(entry), baseOf(entry)),
    SHARE_ROUNDING,
  ),
  "scipy.stats.entropy": reproduce(
    (entry) => {
      const [p, q] = pairOf(entry);
      // The entropy of p is ln n less its divergence from the uniform distribution.
      if ("single" in entry.args) return Math.log(p.length) - kullbackLeiblerDivergence(p, new Array(p.length).fill(1));
      return "swap" in entry.args ? kullbackLeiblerDivergence(q, p) : kullbackLeiblerDivergence(p, q, baseOf(entry));
    },
    // SciPy sums terms of both signs: of nearly equal vectors only rounding is left, even below 0.
    { absolute: 1e-15 },
  ),
  "own.hellinger": reproduce((entry) => hellingerDistance(...pairOf(entry)), SHARE_ROUNDING),
  "own.bhattacharyya_coefficient": reproduce((entry) => bhattacharyyaCoefficient(...pairOf(entry))),
  "own.total_variation": reproduce((entry) => totalVariationFromCounts(...pairOf(entry)), SHARE_ROUNDING),
  "own.l_infinity": reproduce((entry) => lInfinityDistance(...pairOf(entry)), SHARE_ROUNDING),
  "own.psi_categorical": reproduce((entry) => psiWithFloor(...pairOf(entry), entry.args["eps"] as number)),
};
