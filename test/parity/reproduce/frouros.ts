import {
  bhattacharyyaCoefficient,
  type ChangeDetector,
  Cusum,
  Ddm,
  Ecdd,
  Eddm,
  energyDistance,
  equalWidthEdges,
  GeometricMovingAverage,
  hellingerDistance,
  histogramCounts,
  jensenShannonDistance,
  kullbackLeiblerDivergence,
  PageHinkley,
  psiWithFloor,
  Rddm,
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

/**
 * The share of a sample between each two of 10 equidistant points over both samples, read from a straight-line distribution function
 * through the sample's own histogram of numpy's `auto` bins.
 */
function smoothedShares(entry: FixtureCase): readonly [number[], number[]] {
  const samples = numbers(entry);
  const pooled = samples.flat();
  const [min, max] = [pooled.reduce((a, b) => Math.min(a, b)), pooled.reduce((a, b) => Math.max(a, b))];
  const step = (max - min) / (BINS - 1);
  const points = Array.from({ length: BINS }, (_, i) => (i === BINS - 1 ? max : min + i * step));
  return samples.map((sample) => {
    const edges = equalWidthEdges(sample, "auto");
    const { counts } = histogramCounts(sample, edges);
    const below = points.map((point) => shareBelow(point, edges, counts));
    return below.slice(1).map((share, i) => share - below[i]!);
  }) as [number[], number[]];
}

function shareBelow(point: number, edges: readonly number[], counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let below = 0;
  for (const [bin, count] of counts.entries()) {
    const [low, high] = [edges[bin]!, edges[bin + 1]!];
    if (point <= low) break;
    below += (count / total) * Math.min(1, (point - low) / (high - low));
  }
  return below;
}

/** frouros' distances and detectors that can be had from the functions here. */
export const frouros: ReproductionGroup = {
  [`${DISTANCES}.PSI()`]: onBins((p, q) => psiWithFloor(p, q, EMPTY_SHARE)),
  [`${DISTANCES}.JS()`]: reproduce((entry) => {
    const [p, q] = smoothedShares(entry);
    return { distance: jensenShannonDistance(p, q, Math.E) };
  }),
  [`${DISTANCES}.KL()`]: reproduce((entry) => {
    const [p, q] = smoothedShares(entry);
    return { distance: kullbackLeiblerDivergence(q, p) };
  }),
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
  [`${DETECTORS}.CUSUM`]: follow((entry) => {
    const { lambda_ = 50, min_num_instances = 30, delta = 0.005 } = parameters(entry);
    return new Cusum({ threshold: lambda_, minInstances: min_num_instances, delta, mode: "up" });
  }),
  [`${DETECTORS}.GeometricMovingAverage`]: follow((entry) => {
    const { lambda_ = 1, alpha = 0.99 } = parameters(entry);
    return new GeometricMovingAverage({ threshold: lambda_, alpha, mode: "up" });
  }),
  [`${DETECTORS}.PageHinkley`]: follow((entry) => {
    const { lambda_ = 50, delta = 0.005, alpha = 0.9999 } = parameters(entry);
    return new PageHinkley({ threshold: lambda_, delta, alpha, mode: "up", from: "zero" });
  }),
  [`${DETECTORS}.EDDM`]: follow((entry) => {
    const { alpha = 0.95, beta = 0.9, level = 2 } = parameters(entry);
    const shares = { warningShare: alpha, driftShare: beta };
    return new Eddm({ ...shares, deviations: level, warmStart: 29, variant: "frouros" });
  }),
  [`${DETECTORS}.RDDM`]: follow(() => new Rddm()),
  [`${DETECTORS}.ECDDWT`]: follow(() => new Ecdd()),
  [`${DETECTORS}.DDM`]: follow((entry) => {
    const { warning_level = 2, drift_level = 3, min_num_instances = 30 } = parameters(entry);
    return new Ddm({ warmStart: min_num_instances - 1, warningThreshold: warning_level, driftThreshold: drift_level });
  }),
};
