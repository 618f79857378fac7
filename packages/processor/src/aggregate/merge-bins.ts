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

/** The boundaries that every list has, ascending. */
export function commonBoundaries(lists: readonly (readonly number[])[]): number[] {
  const [first, ...others] = lists;
  if (first === undefined) return [];
  const sets = others.map((list) => new Set(list));
  return first.filter((boundary) => sets.every((set) => set.has(boundary)));
}
