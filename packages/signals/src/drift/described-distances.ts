import type { ProfileField, Target } from "@tidemark/schema";
import { metric } from "@tidemark/semconv";
import {
  chiSquareFromCounts,
  jsDistanceFromCounts,
  ksFromBins,
  psiFromCounts,
  totalVariationFromCounts,
  wassersteinFromBins,
} from "@tidemark/stats";
import { totalOf } from "../field-of.ts";
import { createFinding } from "../finding.ts";
import type { Finding } from "../window-aggregate.ts";
import { mergeToDetectorBins } from "./detection-bins.ts";
import type { ComparedCounts } from "./seasonal-reference.ts";

interface DistanceValue {
  readonly metric: string;
  readonly value: number;
  readonly lower?: number | null;
  readonly upper?: number | null;
  readonly numbers?: Readonly<Record<string, number>>;
}

/**
 * The customary distances between a window and its reference, none of which carries a verdict.
 *
 * PSI, Jensen-Shannon distance, chi-square and total variation are taken on the detector's bins (about 20), KS and
 * Wasserstein on all fine bins; `lower` and `upper` of these two are certified bounds on the value that the raw rows
 * would give. Empty without a row on either side.
 */
export function describedDistances(field: ProfileField, target: Target, compared: ComparedCounts): Finding[] {
  const count = totalOf(compared.window);
  if (count === 0 || totalOf(compared.reference) === 0) return [];
  return [...binDistances(field, compared), ...orderDistances(field, compared)]
    .filter((distance) => Number.isFinite(distance.value))
    .map((distance) =>
      createFinding({
        target,
        metric: distance.metric,
        value: distance.value,
        lower: distance.lower ?? null,
        upper: distance.upper ?? null,
        evidence: { numbers: { ...distance.numbers }, note: "", bins: null },
        count,
      }),
    );
}

function binDistances(field: ProfileField, compared: ComparedCounts): DistanceValue[] {
  const window = mergeToDetectorBins(field, compared.window);
  const reference = mergeToDetectorBins(field, compared.reference);
  const chiSquare = chiSquareFromCounts(window, reference);
  return [
    { metric: metric.driftPsi, value: psiFromCounts(window, reference) },
    { metric: metric.driftJsDistance, value: jsDistanceFromCounts(window, reference) },
    { metric: metric.driftTotalVariation, value: totalVariationFromCounts(window, reference) },
    {
      metric: metric.driftChiSquare,
      value: chiSquare.statistic,
      numbers: { degreesOfFreedom: chiSquare.degreesOfFreedom, pValue: chiSquare.pValue },
    },
  ];
}

/** Distances that need the values to have an order. */
function orderDistances(field: ProfileField, compared: ComparedCounts): DistanceValue[] {
  if (field.kind !== "numeric") return [];
  const bins = { boundaries: field.boundaries, window: compared.window, reference: compared.reference };
  return [
    { metric: metric.driftKsStatistic, ...ksFromBins(bins) },
    { metric: metric.driftWasserstein, ...wassersteinFromBins({ ...bins, min: field.min, max: field.max }) },
  ];
}
