import { type ShareIntervalMethod, shareInterval } from "../intervals/share-interval.ts";
import { type Estimate, NO_ESTIMATE } from "./estimate.ts";

/**
 * Weighted share p = hits / weight (click-through rate, conversion, accuracy) with a 95 % interval at Kish's effective size
 * n = weight^2 / weightSquared.
 *
 * @param hits total weight of the rows that count, 0 to `weight`.
 * @param weight total weight of all rows; 0 gives an estimate of nulls.
 * @param weightSquared sum over rows of the squared weight of the row.
 * @param method Wilson's by default.
 * @returns share, interval and standard error sqrt(p (1 - p) / n), all in [0, 1].
 * Source: L. Kish, Survey Sampling (1965), section 11.7; interval: shareInterval.
 * @example shareEstimate(9, 10, 10) // value 0.9, lower 0.596, upper 0.982
 */
export function shareEstimate(
  hits: number,
  weight: number,
  weightSquared: number,
  method: ShareIntervalMethod = "wilson",
): Estimate {
  if (!(weight > 0)) return NO_ESTIMATE;
  const value = Math.min(1, Math.max(0, hits / weight));
  const size = (weight * weight) / weightSquared;
  const [lower, upper] = shareInterval(value * size, size, method);
  return {
    value,
    lower: Math.min(lower, value),
    upper: Math.max(upper, value),
    standardError: Math.sqrt((value * (1 - value)) / size),
  };
}
