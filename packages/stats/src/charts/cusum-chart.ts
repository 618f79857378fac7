import { requirePoints } from "./control-line.ts";

export interface CusumOptions {
  /** Mean in control. */
  readonly mean: number;
  /** Slack, in the unit of the values: half the shift to find (0.5 sigma for a shift of 1 sigma). At least 0. */
  readonly slack: number;
  /** Decision interval, in the unit of the values, above 0 (4 to 5 sigma). */
  readonly decision: number;
  /** Where both sums start, at least 0. Default 0; half the decision interval finds a shift at the start sooner. */
  readonly headstart?: number;
}

export interface CusumChart {
  /** max(0, C + x - mean - slack). */
  readonly upper: readonly number[];
  /** max(0, C + mean - slack - x). */
  readonly lower: readonly number[];
  /** Points since the sum was last 0: the shift began that long ago. */
  readonly upperRuns: readonly number[];
  readonly lowerRuns: readonly number[];
  /** Indexes at which a sum exceeds the decision interval, ascending. The sums run on after a signal. */
  readonly outside: readonly number[];
}

/**
 * Two-sided tabular CUSUM chart of a shift of the mean.
 *
 * @param values in order of time.
 * @throws RangeError naming the option out of its domain or the value that is not finite.
 * Source: D. C. Montgomery, Introduction to Statistical Quality Control, section 9.1; J. M. Lucas, R. B. Crosier, Technometrics 24 (1982),
 * doi:10.1080/00401706.1982.10487759 for the headstart.
 * @example cusumChart([2, 2], { mean: 0, slack: 0.5, decision: 2 }).upper // [1.5, 3]
 */
export function cusumChart(values: readonly number[], options: CusumOptions): CusumChart {
  const { mean, slack, decision, headstart = 0 } = options;
  requirePoints("values", values, 0);
  if (!Number.isFinite(mean)) throw new RangeError(`mean is ${mean}; expected a finite number`);
  if (!(slack >= 0)) throw new RangeError(`slack is ${slack}; expected at least 0`);
  if (!(decision > 0)) throw new RangeError(`decision is ${decision}; expected a number above 0`);
  if (!(headstart >= 0)) throw new RangeError(`headstart is ${headstart}; expected at least 0`);
  const upper = cumulate(values, headstart, (value) => value - mean - slack);
  const lower = cumulate(values, headstart, (value) => mean - slack - value);
  const outside = values.flatMap((_, i) => (upper.sums[i]! > decision || lower.sums[i]! > decision ? [i] : []));
  return { upper: upper.sums, lower: lower.sums, upperRuns: upper.runs, lowerRuns: lower.runs, outside };
}

function cumulate(values: readonly number[], start: number, step: (value: number) => number) {
  let sum = start;
  let run = 0;
  const sums: number[] = [];
  const runs: number[] = [];
  for (const value of values) {
    sum = Math.max(0, sum + step(value));
    run = sum > 0 ? run + 1 : 0;
    sums.push(sum);
    runs.push(run);
  }
  return { sums, runs };
}
