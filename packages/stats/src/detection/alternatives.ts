import gammaln from "@stdlib/math-base-special-gammaln";
import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import type { BinKind } from "./detection-reference.ts";

/** The drift shapes that a window is compared with, as likelihood ratios to the reference (DETECTION 2). */
export interface Alternatives {
  readonly count: number;
  /** Alternatives that do not belong to one bin; the others follow in blocks of `binCount`, one for each bin. */
  readonly shapes: number;
  /** Which variance inflation divides it: 0 location, 1 scale, 2 the larger of both. */
  readonly groups: Uint8Array;
  readonly weights: Float64Array;
  /** ln of the weights, and after them of the two omnibus halves. */
  readonly logWeights: Float64Array;
  /** Ratios r at [bin * count + alternative]. */
  readonly ratios: Float64Array;
  /** ln r, at the same places. */
  readonly logRatios: Float64Array;
  /** Nats a row by which each alternative differs from the reference, sum_b p_b r_b ln r_b. */
  readonly divergences: Float64Array;
  /** Weight of the omnibus part, shared by its two halves. */
  readonly omnibusWeight: number;
  readonly omnibus: readonly OmnibusPrior[];
  readonly logProbabilities: Float64Array;
}

/** A Dirichlet prior around the reference: a window's bins may differ from it in any way, by about `spread` in PSI. */
interface OmnibusPrior {
  readonly concentration: number;
  readonly logGammaConcentration: number;
  readonly alpha: Float64Array;
  readonly logGammaAlpha: Float64Array;
}

/** Shifts and factors, in standard deviations of the normal-score scale. */
const SHIFTS = [0.1, 0.18, 0.32, 0.56, 1, 1.8] as const;
const FACTORS = [0.5, 0.7, 0.85, 1.12, 1.23, 1.5, 2] as const;
/** Share of rows that move into one bin, and what is left of one bin's rows. */
const UP_SHARES = [0.03, 0.1, 0.4] as const;
const DOWN_FACTORS = [0.2, 0.6, 0.85] as const;
/** Share of the reference in every alternative: one outlying row cannot destroy the evidence. */
const REFERENCE_SHARE = 0.02;
const OMNIBUS_SPREADS = [0.03, 0.2] as const;

interface Shape {
  readonly group: 0 | 1 | 2;
  readonly weight: number;
  readonly distribution: ArrayLike<number>;
}

/**
 * Tables of all alternatives of one reference.
 *
 * @param probabilities the smoothed reference, by bin.
 * @param normalScores numeric: upper bin edges on the normal-score scale, the last one infinite; categorical: unused.
 */
export function createAlternatives(
  kind: BinKind,
  probabilities: Float64Array,
  normalScores: Float64Array,
): Alternatives {
  const bins = probabilities.length;
  const shapes =
    kind === "numeric"
      ? [...shiftedAndScaled(normalScores), ...contaminated(probabilities, 0.2)]
      : [...contaminated(probabilities, 0.4), ...depleted(probabilities, 0.4)];
  const count = shapes.length;
  const ratios = new Float64Array(bins * count);
  shapes.forEach(({ distribution }, alternative) => {
    for (let bin = 0; bin < bins; bin++) {
      ratios[bin * count + alternative] =
        ((1 - REFERENCE_SHARE) * distribution[bin]!) / probabilities[bin]! + REFERENCE_SHARE;
    }
  });
  const divergences = new Float64Array(count);
  for (let bin = 0; bin < bins; bin++) {
    for (let m = 0; m < count; m++) {
      const ratio = ratios[bin * count + m]!;
      divergences[m]! += probabilities[bin]! * ratio * Math.log(ratio);
    }
  }
  const omnibusWeight = kind === "numeric" ? 0.1 : 0.2;
  const halves = OMNIBUS_SPREADS.map(() => omnibusWeight / OMNIBUS_SPREADS.length);
  const weights = shapes.map(({ weight }) => weight);
  return {
    count,
    shapes: kind === "numeric" ? 2 * SHIFTS.length + FACTORS.length : 0,
    groups: Uint8Array.from(shapes, ({ group }) => group),
    weights: Float64Array.from(weights),
    logWeights: Float64Array.from([...weights, ...halves], Math.log),
    ratios,
    logRatios: ratios.map(Math.log),
    divergences,
    omnibusWeight,
    omnibus: bins > 1 ? OMNIBUS_SPREADS.map((spread) => omnibusPrior(probabilities, spread)) : [],
    logProbabilities: probabilities.map(Math.log),
  };
}

function shiftedAndScaled(normalScores: Float64Array): Shape[] {
  const shifts = SHIFTS.flatMap((shift) => [shift, -shift]).map(
    (shift): Shape => ({
      group: 0,
      weight: 0.5 / (2 * SHIFTS.length),
      distribution: normalMasses(normalScores, (score) => score - shift),
    }),
  );
  const scales = FACTORS.map(
    (factor): Shape => ({
      group: 1,
      weight: 0.2 / FACTORS.length,
      distribution: normalMasses(normalScores, (score) => score / factor),
    }),
  );
  return [...shifts, ...scales];
}

function normalMasses(normalScores: Float64Array, transform: (score: number) => number): Float64Array {
  let below = 0;
  return normalScores.map((score) => {
    const upTo = normalCdf(transform(score), 0, 1);
    const mass = upTo - below;
    below = upTo;
    return mass;
  });
}

function contaminated(probabilities: Float64Array, totalWeight: number): Shape[] {
  const weight = totalWeight / (probabilities.length * UP_SHARES.length);
  return UP_SHARES.flatMap((share) =>
    Array.from(probabilities, (_, target): Shape => {
      const distribution = probabilities.map((p) => (1 - share) * p);
      distribution[target]! += share;
      return { group: 2, weight, distribution };
    }),
  );
}

function depleted(probabilities: Float64Array, totalWeight: number): Shape[] {
  const weight = totalWeight / (probabilities.length * DOWN_FACTORS.length);
  return DOWN_FACTORS.flatMap((factor) =>
    Array.from(probabilities, (probability, target): Shape => {
      const rest = 1 - (1 - factor) * probability;
      const distribution = probabilities.map((p, bin) => (bin === target ? factor * p : p) / rest);
      return { group: 2, weight, distribution };
    }),
  );
}

function omnibusPrior(probabilities: Float64Array, spread: number): OmnibusPrior {
  const concentration = (probabilities.length - 1) / spread;
  const alpha = probabilities.map((p) => concentration * p);
  return {
    concentration,
    logGammaConcentration: gammaln(concentration),
    alpha,
    logGammaAlpha: alpha.map((value) => gammaln(value)),
  };
}
