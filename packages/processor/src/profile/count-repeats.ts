import type { RepeatCurve } from "@tidemark/schema";

const SMALLEST_BLOCK = 64;

/**
 * Share of rows that repeat an earlier row of their block, for blocks of 64, 128, ... consecutive rows up to all of them. Whole blocks
 * count; what is left at the end does not.
 *
 * @param keys one a row, in the order of time; equal for rows that are the same.
 */
export function countRepeats(keys: Float64Array): RepeatCurve {
  const earlier = earlierPlaces(keys);
  const curve: RepeatCurve = [];
  for (let rows = SMALLEST_BLOCK; rows <= keys.length; rows *= 2) {
    const shares = Array.from({ length: Math.floor(keys.length / rows) }, (_, block) =>
      shareOf(earlier, block * rows, rows),
    );
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    const squares = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0);
    const deviation = Math.sqrt(squares / Math.max(1, shares.length - 1));
    const largest = shares.reduce((most, share) => Math.max(most, share), 0);
    curve.push({ rows, blocks: shares.length, mean, deviation, largest });
  }
  return curve;
}

/** By row, the place of the nearest earlier one with the same key; -1 for none. */
function earlierPlaces(keys: Float64Array): Int32Array {
  const last = new Map<number, number>();
  return Int32Array.from(keys, (key, place) => {
    const found = last.get(key) ?? -1;
    last.set(key, place);
    return found;
  });
}

function shareOf(earlier: Int32Array, from: number, rows: number): number {
  let repeats = 0;
  for (let row = from; row < from + rows; row++) if (earlier[row]! >= from) repeats += 1;
  return repeats / rows;
}
