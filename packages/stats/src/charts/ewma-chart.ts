import { type ControlLine, controlLine, requirePoints } from "./control-line.ts";

export interface EwmaOptions {
  /** Mean in control. */
  readonly mean: number;
  /** Standard deviation of a value in control, above 0. */
  readonly sigma: number;
  /** Weight of the newest value, in (0, 1]. Default 0.2; smaller finds smaller shifts. */
  readonly weight?: number;
  /** Width of the limits in standard deviations of the average. Default 2.962: a false alarm each 500 values at weight 0.2. */
  readonly width?: number;
  /** Limits of the i-th average (default) or those it tends to. */
  readonly limits?: "exact" | "asymptotic";
}

/**
 * EWMA chart: z_i = weight x_i + (1 - weight) z_(i-1), z_0 the mean, with limits at
 * mean -+ width sigma sqrt(weight / (2 - weight) (1 - (1 - weight)^(2 i))).
 *
 * @param values in order of time; an empty list gives an empty line.
 * @throws RangeError naming the option out of its domain or the value that is not finite.
 * Source: J. M. Lucas, M. S. Saccucci, Technometrics 32 (1990), doi:10.1080/00401706.1990.10484583.
 * @example ewmaChart([1, 1], { mean: 0, sigma: 1, weight: 0.5 }).values // [0.5, 0.75]
 */
export function ewmaChart(values: readonly number[], options: EwmaOptions): ControlLine {
  const { mean, sigma, weight = 0.2, width = 2.962, limits = "exact" } = options;
  requirePoints("values", values, 0);
  if (!Number.isFinite(mean)) throw new RangeError(`mean is ${mean}; expected a finite number`);
  if (!(sigma > 0 && Number.isFinite(sigma))) throw new RangeError(`sigma is ${sigma}; expected a number above 0`);
  if (!(weight > 0 && weight <= 1)) throw new RangeError(`weight is ${weight}; expected a number in (0, 1]`);
  if (!(width > 0)) throw new RangeError(`width is ${width}; expected a number above 0`);
  let average = mean;
  const averages = values.map((value) => {
    average = weight * value + (1 - weight) * average;
    return average;
  });
  const reach = (i: number) => {
    const settled = limits === "exact" ? 1 - (1 - weight) ** (2 * (i + 1)) : 1;
    return width * sigma * Math.sqrt((weight / (2 - weight)) * settled);
  };
  return controlLine(
    averages,
    mean,
    (i) => mean - reach(i),
    (i) => mean + reach(i),
  );
}
