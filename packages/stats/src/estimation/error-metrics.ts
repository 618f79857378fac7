/** What is estimated of the error e = prediction - outcome; `mse` in the unit squared, the others in the outcome's unit. */
export const errorMetricNames = ["mae", "rmse", "mse", "bias"] as const;
export type ErrorMetric = (typeof errorMetricNames)[number];
export type ErrorMetrics = Readonly<Record<ErrorMetric, number>>;

/** The means that the metrics are made of: of |e|, e^2 and e. */
const errorTargets = ["absolute", "squared", "signed"] as const;
export type ErrorTarget = (typeof errorTargets)[number];

/** A value for each target. */
export function byErrorTarget<T>(value: (target: ErrorTarget) => T): Record<ErrorTarget, T> {
  return Object.fromEntries(errorTargets.map((target) => [target, value(target)])) as Record<ErrorTarget, T>;
}

/** Targets of rows with the given errors. */
export function targetsOfErrors(errors: ArrayLike<number>): Record<ErrorTarget, Float64Array> {
  const signed = Float64Array.from(errors);
  return { absolute: signed.map(Math.abs), squared: signed.map((e) => e * e), signed };
}

/** The metrics that means of the targets make. */
export function metricsOfMeans({ absolute, squared, signed }: Readonly<Record<ErrorTarget, number>>): ErrorMetrics {
  const mse = Math.max(0, squared);
  return { mae: Math.max(0, absolute), rmse: Math.sqrt(mse), mse, bias: signed };
}

/** Variances of the metrics from those of the means; the root's by the delta method, sigma^2 / (4 MSE). */
export function metricVariances(
  { mse }: ErrorMetrics,
  { absolute, squared, signed }: Readonly<Record<ErrorTarget, number>>,
): ErrorMetrics {
  return { mae: absolute, rmse: mse > 0 ? squared / (4 * mse) : 0, mse: squared, bias: signed };
}

/** The metrics of rows with the given errors, at least one. */
export function realizedErrorMetrics(errors: ArrayLike<number>): ErrorMetrics {
  const targets = targetsOfErrors(errors);
  return metricsOfMeans(byErrorTarget((target) => meanOf(targets[target])));
}

/** Plain mean, in order. */
export function meanOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}
