import { sumOf } from "../descriptive/sum-of.ts";
import { studentUpperTail } from "../distributions/student-upper-tail.ts";
import { requireSample } from "./require-sample.ts";
import type { TestResult } from "./test-result.ts";

export interface TTestResult extends TestResult {
  readonly degreesOfFreedom: number | null;
}

/**
 * Two-sample t test of equal means, two-sided: t = (mean x - mean y) / standard error.
 *
 * @param x raw finite values.
 * @param y as x.
 * @param equalVariances false (default): Welch's test with Satterthwaite's degrees of freedom. True: Student's, with a pooled variance.
 * @returns with no variance at all t is infinite and p 0 where the means differ (Welch's degrees of freedom are then 1). Nulls where
 *   both means are equal as well, where a variance cannot be estimated (Welch: one value in a sample; Student: two values in all) and
 *   where a value is infinite. Values are scaled by their largest, so 1e300 and 1e-300 do not overflow.
 * @throws RangeError naming the sample that is empty or holds NaN.
 * Source: B. L. Welch, Biometrika 34 (1947), doi:10.1093/biomet/34.1-2.28.
 * @example tTest([1, 2, 3], [2, 3, 4]) // statistic -1.2247, pValue 0.2879, degreesOfFreedom 4
 */
export function tTest(x: ArrayLike<number>, y: ArrayLike<number>, equalVariances = false): TTestResult {
  requireSample("x", x);
  requireSample("y", y);
  const none = { statistic: null, pValue: null, degreesOfFreedom: null };
  const scale = Math.max(largest(x), largest(y));
  if (!Number.isFinite(scale)) return none;
  // A power of two, so that scaling rounds nothing.
  const unit = scale === 0 ? 1 : 2 ** Math.floor(Math.log2(scale));
  const anchor = x[0]! / unit;
  const [first, second] = [moments(x, unit, anchor), moments(y, unit, anchor)];
  const { squaredError, degreesOfFreedom } = equalVariances ? pooled(first, second) : separate(first, second);
  const difference = first.offset - second.offset;
  const statistic = difference / Math.sqrt(squaredError);
  if (Number.isNaN(statistic) || Number.isNaN(degreesOfFreedom)) return none;
  return { statistic, pValue: 2 * studentUpperTail(Math.abs(statistic), degreesOfFreedom), degreesOfFreedom };
}

interface Moments {
  readonly count: number;
  /** Mean less an anchor common to both samples, so that values around 1e9 keep their digits. */
  readonly offset: number;
  /** Sum of squared deviations from the mean. */
  readonly squares: number;
}

function largest(values: ArrayLike<number>): number {
  let size = 0;
  for (let i = 0; i < values.length; i++) size = Math.max(size, Math.abs(values[i]!));
  return size;
}

/** Sums run over the sorted values: the same values give the same bits in any order. */
function moments(values: ArrayLike<number>, unit: number, anchor: number): Moments {
  const count = values.length;
  const offsets = Float64Array.from(values, (value) => value / unit - anchor).sort();
  const offset = sumOf(count, (i) => offsets[i]!) / count;
  return { count, offset, squares: sumOf(count, (i) => (offsets[i]! - offset) ** 2) };
}

function separate(x: Moments, y: Moments): { squaredError: number; degreesOfFreedom: number } {
  const [ofX, ofY] = [x, y].map(({ squares, count }) => squares / (count - 1) / count) as [number, number];
  const squaredError = ofX + ofY;
  if (squaredError === 0) return { squaredError, degreesOfFreedom: 1 };
  const degreesOfFreedom = squaredError ** 2 / (ofX ** 2 / (x.count - 1) + ofY ** 2 / (y.count - 1));
  return { squaredError, degreesOfFreedom };
}

function pooled(x: Moments, y: Moments): { squaredError: number; degreesOfFreedom: number } {
  const degreesOfFreedom = x.count + y.count - 2;
  if (degreesOfFreedom === 0) return { squaredError: Number.NaN, degreesOfFreedom };
  return {
    squaredError: ((x.squares + y.squares) / degreesOfFreedom) * (1 / x.count + 1 / y.count),
    degreesOfFreedom,
  };
}
