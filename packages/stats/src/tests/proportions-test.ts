import { normalUpperTail } from "../distributions/normal-upper-tail.ts";
import type { Alternative, TestResult } from "./test-result.ts";

/** Hits among trials. */
export interface Proportion {
  readonly count: number;
  readonly n: number;
}

/**
 * z test of two equal proportions with the pooled variance: z = (p - q) / sqrt(r (1 - r) (1/n + 1/m)).
 *
 * @param first count in [0, n]; n at least 0.
 * @param second as first.
 * @param alternative `less`: the first proportion is smaller. Default two-sided.
 * @returns nulls where a side has no trials, or where all or none of the trials hit.
 * @throws RangeError where a count is not within its n.
 * Source: NIST/SEMATECH e-Handbook of Statistical Methods, 7.3.3, doi:10.18434/M32189.
 * @example proportionsTest({ count: 8, n: 10 }, { count: 1, n: 6 }) // statistic 2.472, pValue 0.0134
 */
export function proportionsTest(
  first: Proportion,
  second: Proportion,
  alternative: Alternative = "two-sided",
): TestResult {
  for (const [name, { count, n }] of Object.entries({ first, second })) {
    if (!(count >= 0 && count <= n && Number.isFinite(n))) {
      throw new RangeError(`${name}.count is ${count}; expected 0 to n = ${n}`);
    }
  }
  const pooled = (first.count + second.count) / (first.n + second.n);
  const variance = pooled * (1 - pooled) * (1 / first.n + 1 / second.n);
  if (!(variance > 0 && Number.isFinite(variance))) return { statistic: null, pValue: null };
  const statistic = (first.count / first.n - second.count / second.n) / Math.sqrt(variance);
  const pValue = {
    "two-sided": 2 * normalUpperTail(Math.abs(statistic)),
    greater: normalUpperTail(statistic),
    less: normalUpperTail(-statistic),
  }[alternative];
  return { statistic, pValue };
}
