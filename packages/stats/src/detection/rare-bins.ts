import type { BinKind } from "./detection-reference.ts";

/** Bins with fewer reference rows than this say nothing by themselves. */
const LEAST_ROWS = 10;

/**
 * Which detector bin each bin belongs to when bins with fewer than 10 reference rows are merged (DETECTION 2): numeric
 * ones with their right neighbours, a short remainder with the last bin; categorical ones all into one last bin.
 *
 * @param counts reference counts; categorical: the last bin holds never-seen categories, usually 0.
 * @returns a detector bin for each bin, 0 and up without gaps.
 */
export function rareBinMap(counts: readonly number[], kind: BinKind): number[] {
  return kind === "numeric" ? mergeNeighbours(counts) : mergeRareCategories(counts);
}

/**
 * Sums counts into the bins of a map.
 *
 * @param map a target bin for each count, as `rareBinMap` gives.
 * @throws RangeError where the lengths differ, an entry is no bin (there are no more than counts), or a count is NaN.
 */
export function mergeByMap(counts: readonly number[], map: readonly number[]): number[] {
  if (counts.length !== map.length) {
    throw new RangeError(`counts has ${counts.length} bins, map has ${map.length}; they must be equal`);
  }
  map.forEach((bin, i) => {
    if (!(bin >= 0 && bin < map.length && Number.isInteger(bin))) {
      throw new RangeError(`map[${i}] is ${bin}; expected a bin from 0 to ${map.length - 1}`);
    }
    if (Number.isNaN(counts[i])) throw new RangeError(`counts[${i}] is NaN; expected a number`);
  });
  const merged = new Array<number>(map.reduce((most, bin) => Math.max(most, bin + 1), 0)).fill(0);
  map.forEach((bin, i) => {
    merged[bin]! += counts[i]!;
  });
  return merged;
}

function mergeNeighbours(counts: readonly number[]): number[] {
  let bin = 0;
  let rows = 0;
  const map = counts.map((count, i) => {
    const own = bin;
    rows += count;
    if (rows >= LEAST_ROWS && i < counts.length - 1) {
      bin += 1;
      rows = 0;
    }
    return own;
  });
  const shortRemainder = rows < LEAST_ROWS && bin > 0;
  return shortRemainder ? map.map((own) => Math.min(own, bin - 1)) : map;
}

function mergeRareCategories(counts: readonly number[]): number[] {
  let kept = 0;
  const map = counts.map((count) => (count >= LEAST_ROWS ? kept++ : -1));
  return map.map((bin) => (bin === -1 ? kept : bin));
}
