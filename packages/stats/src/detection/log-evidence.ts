import gammaln from "@stdlib/math-base-special-gammaln";
import type { Alternatives } from "./alternatives.ts";
import { clusterExponents } from "./cluster-exponents.ts";
import type { WindowPart } from "./judge-window.ts";

/**
 * ln of the e-value of a window: a weighted mixture, over the alternatives, of their likelihood ratios to the reference,
 * each log ratio divided by its variance inflation plus the reference's own error n/N (DETECTION 3). Over several season
 * slots, the terms of the slots are added inside the mixture.
 *
 * Parts may have different numbers of bins: the mixture is that of the part with most bins, and an alternative that a part
 * does not have leaves its likelihood ratio at 1.
 *
 * @param spread.variance inflation of location and scale, 1 for independent rows.
 * @param spread.between variance of location and scale between whole windows; it concerns all parts at once, so each is
 * divided by it times the window's rows.
 * @param spread.exponents `clusters`: far alternatives are divided by more than the inflation (`clusterExponents`); `variance`: by
 * it alone, as DETECTION 3 has it.
 * @returns 0 for no rows; e >= 1000 happens in at most 1 of 1,000 stable windows.
 */
export function windowLogEvidence(parts: readonly WindowPart[], spread: EvidenceSpread): number {
  const widest = parts.reduce(
    (most, part) => (part.reference.binCount > most.binCount ? part.reference : most),
    parts[0]!.reference,
  );
  const { count, logWeights } = widest.alternatives;
  const mixture = { binCount: widest.binCount, count, terms: logWeights.slice(), scratch: new Float64Array(count) };
  const rows = parts.reduce((sum, { counts }) => counts.reduce((own, count) => own + count, sum), 0);
  for (const part of parts) addPart(part, spread, rows, mixture);
  return logSumExp(mixture.terms);
}

/** What the log ratios of dependent rows are divided by. */
export type Exponents = "clusters" | "variance";

interface EvidenceSpread {
  readonly variance: readonly [number, number];
  readonly between: readonly [number, number];
  readonly exponents: Exponents;
}

interface Mixture {
  readonly binCount: number;
  readonly count: number;
  /** ln of weight times likelihood ratio, for each alternative and then for the two omnibus halves. */
  readonly terms: Float64Array;
  readonly scratch: Float64Array;
}

function addPart(
  { reference, counts }: WindowPart,
  { variance, between, exponents }: EvidenceSpread,
  windowRows: number,
  mixture: Mixture,
): void {
  const { alternatives, smoothedTotal } = reference;
  const { terms, scratch } = mixture;
  let rows = 0;
  for (let bin = 0; bin < counts.length; bin++) rows += counts[bin]!;
  if (rows === 0) return;
  const own = rows / smoothedTotal;
  const inflations = [variance[0], variance[1], Math.max(variance[0], variance[1])] as const;
  const factors = exponents === "clusters" ? clusterExponents(reference, variance) : null;
  const { shapes, count, groups } = alternatives;
  const shared = [between[0], between[1], Math.max(between[0], between[1])].map((value) => own + windowRows * value);
  const divisor = (m: number) => inflations[groups[m] ?? 2]! * (factors?.[m] ?? 1) + shared[groups[m] ?? 2]!;
  sumLogRatios(alternatives, counts, scratch);
  for (let m = 0; m < shapes; m++) terms[m]! += scratch[m]! / divisor(m);
  for (let from = shapes, to = shapes; from < count; from += reference.binCount, to += mixture.binCount) {
    for (let bin = 0; bin < reference.binCount; bin++) terms[to + bin]! += scratch[from + bin]! / divisor(from + bin);
  }
  for (let half = 0; half < alternatives.omnibus.length; half++) {
    terms[mixture.count + half]! += omnibusTerm(alternatives, half, counts, divisor(count));
  }
}

/** Writes sum over bins of c_b ln r_mb, for every alternative m. */
function sumLogRatios({ count, logRatios }: Alternatives, counts: readonly number[], sums: Float64Array): void {
  sums.fill(0);
  for (let bin = 0; bin < counts.length; bin++) {
    const c = counts[bin]!;
    if (c === 0) continue;
    const offset = bin * count;
    for (let m = 0; m < count; m++) sums[m]! += c * logRatios[offset + m]!;
  }
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

function logSumExp(terms: Float64Array): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < terms.length; i++) most = Math.max(most, terms[i]!);
  let sum = 0;
  for (let i = 0; i < terms.length; i++) sum += Math.exp(terms[i]! - most);
  return most + Math.log(sum);
}
