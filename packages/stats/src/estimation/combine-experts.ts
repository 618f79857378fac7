/** Back-tested windows, oldest first: each expert's estimate minus truth, and the sampling variance of the window. */
export interface BackTest {
  readonly errors: readonly (readonly number[])[];
  readonly variances: readonly number[];
}

/**
 * Weights experts by their record: w_k ~ prior_k exp(-A mse_k / (2 v)), A = sum of decay^age, mse and v discounted means,
 * v = max(mean sampling variance, min_k mse_k). With no record the prior decides.
 *
 * @param estimates K values. @param prior K shares that sum to one. @param decay in (0, 1].
 * @returns the weighted estimate and its weights, which sum to one.
 */
export function combineExperts(
  estimates: readonly number[],
  { errors, variances }: BackTest,
  prior: readonly number[],
  decay = 0.9,
): { value: number; weights: number[] } {
  let weights: number[] = [...prior];
  if (errors.length > 0) {
    const discounts = errors.map((_, j) => decay ** (errors.length - 1 - j));
    const mass = discounts.reduce((sum, a) => sum + a, 0);
    const mse = estimates.map((_, k) => errors.reduce((sum, row, j) => sum + discounts[j]! * row[k]! ** 2, 0) / mass);
    const noise = variances.reduce((sum, variance, j) => sum + discounts[j]! * variance, 0) / mass;
    const scale = Math.max(noise, Math.min(...mse), 1e-12);
    const best = Math.min(...mse);
    weights = prior.map((share, k) => share * Math.exp((-0.5 * mass * (mse[k]! - best)) / scale));
  }
  const value = (of: readonly number[]) => of.reduce((sum, weight, k) => sum + weight * estimates[k]!, 0);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = weights.map((weight) => weight / total);
  return { value: value(errors.length > 0 ? shares : prior), weights: shares };
}
