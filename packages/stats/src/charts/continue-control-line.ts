import { type ControlLine, controlLine, requirePoints } from "./control-line.ts";

/**
 * New points against the limits that history gave: charts compute limits from the points they are given, so make one of a stable period
 * and go on with it.
 *
 * @param history a line with the same limits for all its points (I-MR, X-bar, R, S, np and c charts; for p and u charts give `center`).
 * @param values new points, in order of time; may be empty.
 * @throws RangeError where a value is not finite, or the limits of the history differ by point.
 * @example continueControlLine(individualsChart([1, 2, 1, 2]).individuals, [9]).outside // [0]
 */
export function continueControlLine(history: ControlLine, values: readonly number[]): ControlLine {
  requirePoints("values", values, 0);
  const [lower, upper] = [history.lower[0], history.upper[0]];
  const vary = history.lower.some((limit) => limit !== lower) || history.upper.some((limit) => limit !== upper);
  if (lower === undefined || upper === undefined || vary) {
    throw new RangeError("history has limits that differ by point; only constant limits can be continued");
  }
  return controlLine(values, history.center, lower, upper);
}
