import type { Comparison } from "./comparison.ts";
import type { ProbeSums } from "./probe-sums.ts";

/** A divergence between window and reference with its one-sided 95 % bounds and its estimate without the bias of sampling. */
interface BoundedDivergence {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  readonly corrected: number;
}

export interface Effect {
  readonly psi: BoundedDivergence;
  /** Jensen-Shannon divergence, nats. */
  readonly js: BoundedDivergence;
  readonly totalVariation: number;
  /** Groups of bins that these were computed on. */
  readonly groups: number;
}

/** Shift in standard deviations of the reference's normal-score scale, with its two-sided 95 % interval. */
export interface LocationShift {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** Variance inflation of the rows, and the variance between whole windows; of location and scale. */
export interface WindowSpread {
  readonly variance: readonly [number, number];
  readonly between: readonly [number, number];
}

/** Phi^-1(0.95) and Phi^-1(0.975). */
const Z_ONE_SIDED = 1.6448536269514722;
const Z_TWO_SIDED = 1.959963984540054;
/** Near equality, divergence ~ kappa x chi-square distance: 1 for PSI, 1/8 for Jensen-Shannon. */
const PSI_KAPPA = 1;
const JS_KAPPA = 1 / 8;

/** How far a window is from its reference, on groups of bins (DETECTION 7). Window shares are smoothed by half a row a group. */
export function measureEffect(
  { rows, referenceTotal, windowShares, referenceShares }: Comparison,
  { variance, between }: WindowSpread,
): Effect {
  const groups = windowShares.length;
  const effectiveRows = 1 / (Math.max(...variance) / rows + Math.max(...between) + 1 / referenceTotal);
  let psi = 0;
  let js = 0;
  let totalVariation = 0;
  for (let group = 0; group < groups; group++) {
    const p = referenceShares[group]!;
    const q = (rows * windowShares[group]! + 0.5) / (rows + 0.5 * groups);
    const middle = (p + q) / 2;
    psi += (q - p) * Math.log(q / p);
    js += (q * Math.log(q / middle) + p * Math.log(p / middle)) / 2;
    totalVariation += Math.abs(q - p) / 2;
  }
  return {
    psi: boundDivergence(psi, PSI_KAPPA, effectiveRows, groups - 1),
    js: boundDivergence(js, JS_KAPPA, effectiveRows, groups - 1),
    totalVariation,
    groups,
  };
}

/** Mean of the location probe with its interval; null for categorical bins. */
export function measureLocation(probes: ProbeSums | null, { variance, between }: WindowSpread): LocationShift | null {
  if (probes === null) return null;
  const value = probes.sums[0] / probes.rows;
  const error = variance[0] / probes.rows + between[0] + probes.referenceVariance / probes.rows ** 2;
  const halfWidth = Z_TWO_SIDED * Math.sqrt(error);
  return { value, lower: value - halfWidth, upper: value + halfWidth };
}

/** Bounds by the normal approximation of the noncentral chi-square distribution of divergence x rows / kappa. */
function boundDivergence(value: number, kappa: number, effectiveRows: number, degrees: number): BoundedDivergence {
  const excess = (value / kappa) * effectiveRows - degrees;
  const unit = kappa / effectiveRows;
  const corrected = Math.max(0, unit * excess);
  const discriminant = 4 * Z_ONE_SIDED ** 2 + 2 * degrees + 4 * excess;
  if (discriminant <= 0) return { value, lower: 0, upper: 0, corrected };
  const noncentrality = (root: number) => (root > 0 ? Math.max(0, (root * root - 2 * degrees) / 4) : 0);
  return {
    value,
    lower: unit * noncentrality(Math.sqrt(discriminant) - 2 * Z_ONE_SIDED),
    upper: unit * noncentrality(Math.sqrt(discriminant) + 2 * Z_ONE_SIDED),
    corrected,
  };
}
