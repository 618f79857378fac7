import { nannymlTables } from "./nannyml-tables/nannyml-tables.ts";
import { binaryCurves } from "./reproduce/binary-curves.ts";
import { categorical } from "./reproduce/categorical.ts";
import { causesOfChange } from "./reproduce/causes-of-change.ts";
import { charts } from "./reproduce/charts.ts";
import { classification } from "./reproduce/classification.ts";
import { detectionVectors } from "./reproduce/detection-vectors.ts";
import { detectors } from "./reproduce/detectors.ts";
import { distinctAndTop } from "./reproduce/distinct-and-top.ts";
import { distributions } from "./reproduce/distributions.ts";
import { estimatedPerformance } from "./reproduce/estimated-performance.ts";
import { evidently } from "./reproduce/evidently.ts";
import { frouros } from "./reproduce/frouros.ts";
import { nannyml } from "./reproduce/nannyml.ts";
import { probabilityVectors } from "./reproduce/probability-vectors.ts";
import { quantilesAndCorrections } from "./reproduce/quantiles-and-corrections.ts";
import { regressionAndRanking } from "./reproduce/regression-and-ranking.ts";
import type { Reproduction } from "./reproduce/reproduction.ts";
import { sequentialComparison } from "./reproduce/sequential-comparison.ts";
import { twoSamples } from "./reproduce/two-samples.ts";

/** Every peer function that is reproduced, by the name that the fixtures use. */
export const reproductions: ReadonlyMap<string, Reproduction> = new Map(
  [
    distributions,
    distinctAndTop,
    probabilityVectors,
    categorical,
    twoSamples,
    quantilesAndCorrections,
    classification,
    binaryCurves,
    regressionAndRanking,
    detectors,
    charts,
    evidently,
    nannyml,
    nannymlTables,
    frouros,
    detectionVectors,
    sequentialComparison,
    causesOfChange,
    estimatedPerformance,
  ].flatMap((group) => Object.entries(group)),
);
