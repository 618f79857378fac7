import type { ExactSum } from "./exact-sum.ts";

/** Values a block, at most. */
export const BLOCK = 128;
/** A block and two more values are at most 2^this. */
const BLOCK_BITS = 8;
/** The second power of two over the first: what the first leaves of a value is at most 2^-53 of it. */
const FINER = 2 ** (BLOCK_BITS - 53);
/** Between these no square and no power of two overflows, and no part of a square is below the smallest double. */
const LEAST = 2 ** -400;
const GREATEST = 2 ** 500;

/**
 * Adds the deviations d = value - center of a block of values, and their squares, to two exact sums: to the same bits as one at a time,
 * twice as fast. What lies above a common power of two is cut off each number and summed in a double without rounding, then what lies
 * above a smaller one; hardly ever is anything left, which is then added by itself.
 *
 * @param length at most `BLOCK`.
 * @param largest the largest |d|.
 * @returns false, and nothing was added, where deviations are so large or small that a square's parts are beyond a double.
 * Source: S. M. Rump, T. Ogita, S. Oishi, SIAM J. Sci. Comput. 31 (2008), doi:10.1137/050645671, algorithm 3.2 (ExtractVector).
 */
export function addDeviations(
  values: Float64Array,
  length: number,
  center: number,
  largest: number,
  { sum, squares }: { readonly sum: ExactSum; readonly squares: ExactSum },
): boolean {
  if (!(largest > LEAST && largest < GREATEST)) return largest === 0;
  const cut = cutAbove(largest);
  const squareCut = cutAbove(largest * largest);
  const finerCut = cut * FINER;
  const finerSquareCut = squareCut * FINER;
  let upper = 0;
  let lower = 0;
  let upperSquares = 0;
  let lowerSquares = 0;
  for (let i = 0; i < length; i++) {
    const deviation = values[i]! - center;
    const top = cut + deviation - cut;
    const rest = deviation - top;
    const middle = finerCut + rest - finerCut;
    upper += top;
    lower += middle;
    if (rest !== middle) sum.add(rest - middle);
    const square = deviation * deviation;
    const squareTop = squareCut + square - squareCut;
    const squareRest = square - squareTop;
    const squareMiddle = finerSquareCut + squareRest - finerSquareCut;
    upperSquares += squareTop;
    lowerSquares += squareMiddle;
    if (squareRest !== squareMiddle) squares.add(squareRest - squareMiddle);
  }
  sum.add(upper);
  sum.add(lower);
  squares.add(upperSquares);
  squares.add(lowerSquares);
  return true;
}

/** A power of two of at least 2^BLOCK_BITS times a number, and at most twice that more. */
function cutAbove(largest: number): number {
  return 2 ** (Math.ceil(Math.log2(largest)) + BLOCK_BITS + 1);
}
