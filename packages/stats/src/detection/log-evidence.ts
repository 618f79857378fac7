import gammaln from "@stdlib/math-base-special-gammaln";
import type { Alternatives } from "./alternatives.ts";
import type { WindowPart } from "./judge-window.ts";

/**
 * ln of the e-value of a window: a weighted mixture, over the alternatives, of their likelihood ratios to the reference,
 * each log ratio divided by its variance inflation plus the reference's own error n/N (DETECTION 3). Over several season
 * slots, the terms of the slots are added inside the mixture.
 *
 * Parts may have different numbers of bins: the mixture is that of the part with most bins, and an alternative that a part
 * does not have leaves its likelihood ratio at 1.
 *
 * @param variance inflation of location and scale, 1 for independent rows.
 * @returns 0 for no rows; e >= 1000 happens in at most 1 of 1,000 stable windows.
 */
export function windowLogEvidence(parts: readonly WindowPart[], variance: readonly [number, number]): number {
  const widest = parts.reduce(
    (most, part) => (part.reference.binCount > most.binCount ? part.reference : most),
    parts[0]!.reference,
  );
  const mixture = widest.alternatives;
  const terms = mixture.weights.map(Math.log);
  const omnibus = mixture.omnibus.map(() => Math.log(mixture.omnibusWeight / 2));
  for (const part of parts) addPart(part, variance, widest.binCount, terms, omnibus);
  return logSumExp(omnibus.length > 0 ? [...terms, ...omnibus] : [...terms, Math.log(mixture.omnibusWeight)]);
}

function addPart(
  { reference, counts }: WindowPart,
  variance: readonly [number, number],
  widestBins: number,
  terms: Float64Array,
  omnibus: number[],
): void {
  const { binCount, smoothedTotal, alternatives } = reference;
  let rows = 0;
  for (let bin = 0; bin < binCount; bin++) rows += counts[bin]!;
  if (rows === 0) return;
  const own = rows / smoothedTotal;
  const divisors = [variance[0] + own, variance[1] + own, Math.max(variance[0], variance[1]) + own];
  const sums = logLikelihoodRatios(alternatives, counts);
  let target = 0;
  for (let m = 0; m < sums.length; m++) {
    terms[target]! += sums[m]! / divisors[alternatives.groups[m]!]!;
    const endsBlock = m + 1 > alternatives.shapes && (m + 1 - alternatives.shapes) % binCount === 0;
    target += endsBlock ? 1 + widestBins - binCount : 1;
  }
  for (let half = 0; half < alternatives.omnibus.length; half++) {
    omnibus[half]! += omnibusTerm(alternatives, half, counts, divisors[2]!);
  }
}

/** sum over bins of c_b ln r_mb, for every alternative m. */
function logLikelihoodRatios({ count, logRatios }: Alternatives, counts: readonly number[]): Float64Array {
  const sums = new Float64Array(count);
  for (let bin = 0; bin < counts.length; bin++) {
    const c = counts[bin]!;
    if (c === 0) continue;
    const offset = bin * count;
    for (let m = 0; m < count; m++) sums[m]! += c * logRatios[offset + m]!;
  }
  return sums;
}

/** ln of the Dirichlet-multinomial marginal over the reference's likelihood. */
function omnibusTerm(
  { omnibus, logProbabilities }: Alternatives,
  half: number,
  counts: readonly number[],
  divisor: number,
): number {
  const { concentration, logGammaConcentration, alpha, logGammaAlpha } = omnibus[half]!;
  let gain = 0;
  let effective = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    const c = counts[bin]!;
    if (c === 0) continue;
    const d = c / divisor;
    effective += d;
    gain += gammaln(alpha[bin]! + d) - logGammaAlpha[bin]! - d * logProbabilities[bin]!;
  }
  return gain - gammaln(concentration + effective) + logGammaConcentration;
}

function logSumExp(terms: readonly number[]): number {
  const most = Math.max(...terms);
  return most + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - most), 0));
}
