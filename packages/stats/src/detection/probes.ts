import type { BinKind } from "./detection-reference.ts";

const MAX_CATEGORY_PROBES = 8;
const MIN_SCALE_VARIANCE = 1e-9;

/**
 * Functions of the bin with mean 0 and variance 1 under the reference; their means over a window show a change of
 * location and of scale, and their autocorrelation the variance inflation (DETECTION 2).
 *
 * @param normalScores numeric: upper bin edges on the normal-score scale, the last one infinite; categorical: unused.
 * @returns numeric: location and scale (zeros where two bins or fewer leave none); categorical: one for each of the (at
 * most 8) most probable categories. Each by bin.
 */
export function createProbes(kind: BinKind, probabilities: Float64Array, normalScores: Float64Array): Float64Array[] {
  return kind === "numeric" ? numericProbes(probabilities, normalScores) : categoryProbes(probabilities);
}

/** Bins by falling probability, ties by lower index. */
export function binsByProbability(probabilities: Float64Array): number[] {
  return Array.from(probabilities.keys()).sort((a, b) => probabilities[b]! - probabilities[a]! || a - b);
}

function numericProbes(probabilities: Float64Array, normalScores: Float64Array): Float64Array[] {
  let below = 0;
  const location = probabilities.map((p, bin) => {
    const density = normalDensity(normalScores[bin]!);
    const value = (below - density) / p;
    below = density;
    return value;
  });
  centre(location, probabilities);
  divideBySpread(location, probabilities, 0);
  const scale = location.map((value) => value * value);
  centre(scale, probabilities);
  const overlap = weightedSum(probabilities, (bin) => location[bin]! * scale[bin]!);
  scale.forEach((value, bin) => {
    scale[bin] = value - overlap * location[bin]!;
  });
  if (!divideBySpread(scale, probabilities, MIN_SCALE_VARIANCE)) scale.fill(0);
  return [location, scale];
}

function categoryProbes(probabilities: Float64Array): Float64Array[] {
  return binsByProbability(probabilities)
    .slice(0, MAX_CATEGORY_PROBES)
    .map((category) => {
      const p = probabilities[category]!;
      const spread = Math.sqrt(p * (1 - p));
      return probabilities.map((_, bin) => (spread > 0 ? ((bin === category ? 1 : 0) - p) / spread : 0));
    });
}

function normalDensity(score: number): number {
  return Number.isFinite(score) ? Math.exp(-0.5 * score * score) / Math.sqrt(2 * Math.PI) : 0;
}

function centre(values: Float64Array, probabilities: Float64Array): void {
  const mean = weightedSum(probabilities, (bin) => values[bin]!);
  values.forEach((value, bin) => {
    values[bin] = value - mean;
  });
}

function divideBySpread(values: Float64Array, probabilities: Float64Array, least: number): boolean {
  const variance = weightedSum(probabilities, (bin) => values[bin]! ** 2);
  if (!(variance > least)) return false;
  const spread = Math.sqrt(variance);
  values.forEach((value, bin) => {
    values[bin] = value / spread;
  });
  return true;
}

function weightedSum(probabilities: Float64Array, value: (bin: number) => number): number {
  return probabilities.reduce((sum, p, bin) => sum + p * value(bin), 0);
}
