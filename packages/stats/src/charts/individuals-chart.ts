import { controlConstants } from "./control-constants.ts";
import { type ControlLine, controlLine, meanOf, requirePoints } from "./control-line.ts";

export interface IndividualsChart {
  readonly individuals: ControlLine;
  /** |x_i - x_(i-1)|; its point i belongs to values i and i + 1. */
  readonly movingRange: ControlLine;
  /** Mean moving range / d2. */
  readonly sigma: number;
}

/**
 * I-MR chart of single values: mean -+ 3 sigma with sigma = mean moving range / d2; moving ranges up to D4 times their mean.
 *
 * @param values in order of time, at least two.
 * @param constants d2 and D4 for n = 2; exact ones by default, or a textbook's rounded ones (1.128 and 3.267).
 * @throws RangeError where there are too few values, or one is not finite.
 * Source: NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2, doi:10.18434/M32189.
 * @example individualsChart([1, 2, 1, 2]).sigma // 0.8862
 */
export function individualsChart(
  values: readonly number[],
  { d2, D4 }: { readonly d2: number; readonly D4: number } = controlConstants(2),
): IndividualsChart {
  requirePoints("values", values, 2);
  const center = meanOf(values);
  const ranges = values.slice(1).map((value, i) => Math.abs(value - values[i]!));
  const meanRange = meanOf(ranges);
  const sigma = meanRange / d2;
  return {
    individuals: controlLine(values, center, center - 3 * sigma, center + 3 * sigma),
    movingRange: controlLine(ranges, meanRange, 0, D4 * meanRange),
    sigma,
  };
}
