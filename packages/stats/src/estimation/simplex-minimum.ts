/** Steps after which the search ends; sixteen members take some hundreds. */
const MAX_STEPS = 20_000;
/** Share of the largest diagonal element below which a slope is none. */
const TOLERANCE = 1e-13;

/**
 * Weights w of at least 0 with sum 1 that minimise w' Q w: the best weighted mean of members whose errors have the moment
 * matrix Q = sum e e', since the error of a weighted mean is the weighted mean of the errors.
 *
 * By exact line search along the pair of weights that lie furthest from optimality (Platt's sequential minimal optimisation with
 * the most violating pair), from the best single member on. Deterministic; of several minima, as with members that always
 * agree, the one that this path meets.
 *
 * @param q rows of a symmetric positive semidefinite matrix, M x M, M from 1.
 * @returns M weights; an empty matrix gives none. Cost: O(M) a step.
 * @throws RangeError where the matrix is not square or has an element that is not finite.
 * Source: S. S. Keerthi et al., Neural Computation 13 (2001), doi:10.1162/089976601300014493.
 * @example simplexMinimum([[1, 0], [0, 3]]) // [0.75, 0.25]
 */
export function simplexMinimum(q: readonly (readonly number[])[]): number[] {
  const size = q.length;
  for (const [row, values] of q.entries()) {
    if (values.length !== size) throw new RangeError(`row ${row} has ${values.length} elements; expected ${size}`);
    if (!values.every(Number.isFinite)) throw new RangeError(`row ${row} has an element that is not finite`);
  }
  if (size === 0) return [];
  let start = 0;
  for (let index = 1; index < size; index++) if (q[index]![index]! < q[start]![start]!) start = index;
  const weights = new Array<number>(size).fill(0);
  weights[start] = 1;
  const slopes = q.map((row) => row[start]!);
  const limit = TOLERANCE * Math.max(...q.map((row, index) => Math.abs(row[index]!)));
  for (let step = 0; step < MAX_STEPS; step++) {
    let up = 0;
    let down = -1;
    for (let index = 0; index < size; index++) {
      if (slopes[index]! < slopes[up]!) up = index;
      if (weights[index]! > 0 && (down < 0 || slopes[index]! > slopes[down]!)) down = index;
    }
    const gap = slopes[down]! - slopes[up]!;
    if (!(gap > limit)) break;
    const curvature = q[up]![up]! + q[down]![down]! - 2 * q[up]![down]!;
    const move = curvature > 0 ? Math.min(weights[down]!, gap / curvature) : weights[down]!;
    weights[up]! += move;
    // A weight that gives all it has is 0 to the bit.
    weights[down] = move === weights[down]! ? 0 : weights[down]! - move;
    for (let index = 0; index < size; index++) slopes[index]! += move * (q[index]![up]! - q[index]![down]!);
  }
  return weights;
}
