import { mergeByMap, rareBinMap } from "./rare-bins.ts";

const DEFAULT_BINS = 20;

/**
 * Chooses the detector's edges among a histogram's boundaries: those nearest the k/bins quantiles of the reference, each
 * once, then without the ones that leave a bin fewer than 10 reference rows. Where this leaves a single bin (a constant
 * feature, or one that is constant in its season slot), the boundaries just around all rows are kept, so that values never
 * seen before fall in bins of their own.
 *
 * @param boundaries ascending.
 * @param counts reference counts of the boundaries.length + 1 bins.
 * @param bins how many bins to aim at; 10 to 128 were measured, 20 is the default.
 * @returns ascending indexes into `boundaries`; with `mergeByEdges` they give edges.length + 1 bins.
 * @throws RangeError where the lengths do not fit, or fewer than two bins are asked for.
 */
export function detectorEdges(
  boundaries: readonly number[],
  counts: readonly number[],
  bins: number = DEFAULT_BINS,
): number[] {
  if (counts.length !== boundaries.length + 1) {
    throw new RangeError(`counts has ${counts.length} bins; ${boundaries.length} boundaries need one more than them`);
  }
  if (!(bins >= 2)) throw new RangeError(`bins is ${bins}; aim at two or more`);
  const cumulative = cumulativeAtBoundaries(counts);
  const total = (cumulative.at(-1) ?? 0) + counts.at(-1)!;
  const nearest = nearestQuantiles(cumulative, total, bins);
  const map = rareBinMap(mergeByEdges(counts, nearest), "numeric");
  const edges = nearest.filter((_, i) => map[i] !== map[i + 1]);
  return edges.length > 0 || total === 0 ? edges : edgesAround(cumulative, total);
}

/**
 * Sums a histogram's bins between edges.
 *
 * @param counts bins of the histogram, one more than its boundaries.
 * @param edges ascending indexes into its boundaries; the bin below edge i ends there.
 * @returns edges.length + 1 counts.
 */
export function mergeByEdges(counts: readonly number[], edges: readonly number[]): number[] {
  let bin = 0;
  return mergeByMap(
    counts,
    counts.map((_, i) => {
      while (bin < edges.length && i > edges[bin]!) bin += 1;
      return bin;
    }),
  );
}

/** Reference rows up to each boundary. */
function cumulativeAtBoundaries(counts: readonly number[]): number[] {
  let sum = 0;
  return counts.slice(0, -1).map((count) => {
    sum += count;
    return sum;
  });
}

function nearestQuantiles(cumulative: readonly number[], total: number, bins: number): number[] {
  if (cumulative.length === 0) return [];
  const edges = new Set<number>();
  for (let k = 1; k < bins; k++) edges.add(nearestIndex(cumulative, (k / bins) * total));
  return [...edges];
}

/** The last boundary below all rows and the first above them, where there are any. */
function edgesAround(cumulative: readonly number[], total: number): number[] {
  return [cumulative.lastIndexOf(0), cumulative.indexOf(total)].filter((edge) => edge !== -1);
}

/** The first of the values nearest to a target. Several may be equal: bins without a row lie between them. */
function nearestIndex(values: readonly number[], target: number): number {
  return values.reduce(
    (nearest, value, i) => (Math.abs(value - target) < Math.abs(values[nearest]! - target) ? i : nearest),
    0,
  );
}
