const z95 = 1.959963984540054;

export interface IntervalInputs {
  readonly estimate: number;
  readonly samplingVariance: number;
  readonly calibrationVariance: number;
  /** The label-free estimates; their disagreement is the visible sign of an uncertain shift. */
  readonly experts: readonly number[];
  /** Estimate minus truth over back-tested windows, oldest first, and sampling plus calibration variance of each. */
  readonly errors: readonly number[];
  readonly variances: readonly number[];
  /** See nextMultiplier; 1.96 while no labels have matured. */
  readonly multiplier: number;
}

/**
 * Interval of an estimated metric: estimate +- M se, se^2 = sampling + calibration + tau^2 + d^2. tau^2 is the discounted (0.9) excess of
 * squared back-test errors over their variances (with fewer than two windows: sampling + calibration), d^2 the experts' sample variance.
 * Assumes the relation of outcome to features has not changed, as far as matured labels do not show it. Not cut to the metric's range.
 */
export function estimateInterval(inputs: IntervalInputs): { lower: number; upper: number; standardError: number } {
  const { estimate, experts, errors, multiplier } = inputs;
  const known = inputs.samplingVariance + inputs.calibrationVariance;
  let drift = known;
  if (errors.length >= 2) {
    const discounts = errors.map((_, j) => 0.9 ** (errors.length - 1 - j));
    const excess = errors.reduce((sum, error, j) => sum + discounts[j]! * (error * error - inputs.variances[j]!), 0);
    drift = Math.max(0, excess / discounts.reduce((sum, a) => sum + a, 0));
  }
  const mean = experts.reduce((sum, value) => sum + value, 0) / experts.length;
  const squares = experts.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const disagreement = experts.length > 1 ? squares / (experts.length - 1) : 0;
  const standardError = Math.sqrt(known + drift + disagreement);
  return { lower: estimate - multiplier * standardError, upper: estimate + multiplier * standardError, standardError };
}

/**
 * The interval's multiplier after one more matured window: M exp(0.3 (miss - 0.05)), kept in [1.96, 4]. The cap means that the
 * long-run guarantee of adaptive conformal inference does not carry over.
 *
 * Source: I. Gibbs, E. Candès, NeurIPS 2021, arXiv:2106.00170, in multiplicative form.
 */
export function nextMultiplier(multiplier: number, hit: boolean): number {
  return Math.min(4, Math.max(z95, multiplier * Math.exp(0.3 * ((hit ? 0 : 1) - 0.05))));
}
