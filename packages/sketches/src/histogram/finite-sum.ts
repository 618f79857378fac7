/** A sum that stays at the largest double where it went beyond: sums of both signs that did then still add to a number. */
export function finiteSum(sum: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, sum));
}
