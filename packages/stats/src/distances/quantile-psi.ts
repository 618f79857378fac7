import { exactQuantile } from "../descriptive/exact-quantile.ts";
import { requireSample } from "../tests/require-sample.ts";
import { psiWithFloor } from "./psi-with-floor.ts";

export interface QuantilePsi {
  readonly psi: number;
  /** Inner edges, ascending and distinct; a value on an edge belongs to the bin below. */
  readonly edges: readonly number[];
  readonly referenceShares: readonly number[];
  readonly windowShares: readonly number[];
}

/**
 * Population stability index of raw values on the reference's quantiles (deciles by default): psiWithFloor of the shares in the bins.
 *
 * The bins come from the reference alone, so that the values of two windows can be compared.
 *
 * @param reference raw values, at least one.
 * @param window raw values, at least one; infinite ones fall in the outer bins.
 * @param options `bins` (10) and `floor` (0.0001).
 * @throws RangeError naming the sample that is empty or holds NaN, or the option out of its domain.
 * @example quantilePsi([1, 2, 3, 4], [1, 2, 3, 4]).psi // 0
 */
export function quantilePsi(
  reference: ArrayLike<number>,
  window: ArrayLike<number>,
  { bins = 10, floor = 1e-4 }: { readonly bins?: number; readonly floor?: number } = {},
): QuantilePsi {
  requireSample("reference", reference);
  requireSample("window", window);
  if (!(bins >= 2 && Number.isInteger(bins))) throw new RangeError(`bins is ${bins}; expected a whole number from 2`);
  const sorted = Float64Array.from(reference).sort();
  const edges: number[] = [];
  for (let k = 1; k < bins; k++) {
    const edge = exactQuantile(sorted, k / bins);
    if (edge !== edges.at(-1)) edges.push(edge);
  }
  const referenceShares = sharesBetween(edges, reference);
  const windowShares = sharesBetween(edges, window);
  return { psi: psiWithFloor(referenceShares, windowShares, floor), edges, referenceShares, windowShares };
}

function sharesBetween(edges: readonly number[], values: ArrayLike<number>): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (let i = 0; i < values.length; i++) {
    let bin = 0;
    while (bin < edges.length && edges[bin]! < values[i]!) bin += 1;
    counts[bin]! += 1;
  }
  return counts.map((count) => count / values.length);
}
