import {
  bhattacharyyaCoefficient,
  type ChangeDetector,
  Ddm,
  energyDistance,
  equalWidthEdges,
  hellingerDistance,
  histogramCounts,
  psiWithFloor,
  totalVariationFromCounts,
  wassersteinDistance,
} from "@tidemark/stats";
import type { FixtureCase } from "../fixture-file.ts";
import { type ReproductionGroup, reproduce, withoutMissing } from "./reproduction.ts";

/** frouros counts on this many bins of equal width over both samples. */
const BINS = 10;
/** Share of an empty bin: the smallest normal double, so that PSI says little more than how many bins are empty. */
const EMPTY_SHARE = 2 ** -1022;

function numbers(entry: FixtureCase): readonly [number[], number[]] {
  return [withoutMissing(entry.input["ref"] as number[]), withoutMissing(entry.input["cur"] as number[])];
}

function onBins(distance: (p: readonly number[], q: readonly number[]) => number, absolute = 0) {
  return reproduce(
    (entry) => {
      const [x, y] = numbers(entry);
      const edges = equalWidthEdges([...x, ...y], BINS);
      return { distance: distance(histogramCounts(x, edges).counts, histogramCounts(y, edges).counts) };
    },
    { absolute },
  );
}

function follow(create: (entry: FixtureCase) => ChangeDetector) {
  return reproduce((entry) => {
    const detector = create(entry);
    const verdicts = (entry.input as unknown as number[]).map((value) => detector.update(value));
    const indexes = (key: "drift" | "warning") => verdicts.flatMap((verdict, i) => (verdict[key] ? [i] : []));
    return { drift: indexes("drift"), warning: indexes("warning") };
  });
}

// biome-ignore lint/suspicious/noExplicitAny: numbers and flags by frouros' own keys
function parameters(entry: FixtureCase): Readonly<Record<string, any>> {
  return entry.args["params"] as object;
}

const DISTANCES = "frouros.detectors.data_drift";
const DETECTORS = "frouros.detectors.concept_drift";

/** frouros' distances and detectors that can be had from the functions here. */
export const frouros: ReproductionGroup = {
  [`${DISTANCES}.PSI()`]: onBins((p, q) => psiWithFloor(p, q, EMPTY_SHARE)),
  [`${DISTANCES}.HellingerDistance()`]: onBins(hellingerDistance),
  [`${DISTANCES}.BhattacharyyaDistance()`]: onBins((p, q) => 1 - bhattacharyyaCoefficient(p, q), 1e-15),
  [`${DISTANCES}.HINormalizedComplement()`]: onBins(totalVariationFromCounts),
  [`${DISTANCES}.EMD()`]: reproduce((entry) => {
    const [x, y] = numbers(entry);
    return { distance: wassersteinDistance({ values: x }, { values: y }) };
  }),
  [`${DISTANCES}.EnergyDistance()`]: reproduce((entry) => {
    const [x, y] = numbers(entry);
    return { distance: energyDistance({ values: x }, { values: y }) };
  }),
  [`${DETECTORS}.DDM`]: follow((entry) => {
    const { warning_level = 2, drift_level = 3, min_num_instances = 30 } = parameters(entry);
    return new Ddm({ warmStart: min_num_instances - 1, warningThreshold: warning_level, driftThreshold: drift_level });
  }),
};
