/**
 * For each bin of a histogram with boundaries `from`, the bin of the boundaries `to` that contains it; null where some
 * boundary of `to` is not one of `from`, so that no exact answer exists. Both ascending. Bins: boundaries + 1.
 */
export function binUnion(from: readonly number[], to: readonly number[]): number[] | null {
  const bins: number[] = [];
  let target = 0;
  for (const boundary of from) {
    bins.push(target);
    if (target < to.length && boundary === to[target]) target++;
  }
  bins.push(target);
  return target === to.length ? bins : null;
}

/** Counts of one histogram among those that are added up; negative ones are taken off. */
export interface HistogramTerm {
  /** Ascending. */
  readonly boundaries: readonly number[];
  /** boundaries.length + 1 numbers. */
  readonly counts: readonly number[];
}

/**
 * The exact sum of histograms on different boundaries, on every boundary that splits no bin of theirs which holds
 * something: a boundary is its own or lies inside an empty bin. Where all have the same boundaries, these are kept.
 */
export function sumHistograms(terms: readonly HistogramTerm[]): { boundaries: number[]; counts: number[] } {
  const lists = new Set(terms.map(({ boundaries }) => boundaries.join()));
  const all = [...new Set(terms.flatMap(({ boundaries }) => boundaries))].sort((a, b) => a - b);
  const boundaries = lists.size === 1 ? all : all.filter((boundary) => terms.every((term) => !isSplit(term, boundary)));
  const counts = new Array<number>(boundaries.length + 1).fill(0);
  for (const term of terms) {
    let bin = 0;
    term.counts.forEach((count, index) => {
      // Any value of a bin that holds something lies between the same two of the boundaries.
      const upper = term.boundaries[index] ?? Number.POSITIVE_INFINITY;
      if (count !== 0) {
        while (bin < boundaries.length && boundaries[bin]! < upper) bin++;
        counts[bin]! += count;
      }
    });
  }
  return { boundaries, counts };
}

/** Whether a boundary lies inside a bin that holds something. */
function isSplit({ boundaries, counts }: HistogramTerm, boundary: number): boolean {
  let bin = 0;
  while (bin < boundaries.length && boundaries[bin]! < boundary) bin++;
  return boundaries[bin] !== boundary && counts[bin] !== 0;
}
