/**
 * Neumaier's compensated sum of `term(0)` ... `term(length - 1)`, in this order: the error does not grow with the number of terms.
 *
 * @returns the sum; infinite or NaN where the plain sum is.
 * Source: A. Neumaier, ZAMM 54 (1974), doi:10.1002/zamm.19740540106.
 * @example sumOf(3, (i) => [1, 1e100, -1e100][i]!) // 1
 */
export function sumOf(length: number, term: (index: number) => number): number {
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < length; i++) {
    const x = term(i);
    const next = sum + x;
    lost += Math.abs(sum) >= Math.abs(x) ? sum - next + x : x - next + sum;
    sum = next;
  }
  return Number.isFinite(sum) ? sum + lost : sum;
}
