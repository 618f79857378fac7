/** A score with its uncertainty from sampling. Each member is null where it does not exist on the rows given; never NaN. */
export interface Estimate {
  readonly value: number | null;
  /** Limits of the two-sided 95 % confidence interval. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly standardError: number | null;
}

/** The estimate of a score that does not exist on the rows given. */
export const NO_ESTIMATE: Estimate = { value: null, lower: null, upper: null, standardError: null };

/** Two-sided 95 % quantile of the standard normal distribution. */
export const NORMAL_95 = 1.959963984540054;
