import fc from "fast-check";

/** Two raw samples and boundaries, all on a coarse grid so that ties and values on boundaries are common. */
export interface RawSamples {
  readonly window: readonly number[];
  readonly reference: readonly number[];
  readonly boundaries: readonly number[];
}

const gridValue = fc.integer({ min: -40, max: 40 }).map((step) => step / 8);

export const rawSamples: fc.Arbitrary<RawSamples> = fc.record({
  window: fc.array(gridValue, { minLength: 1, maxLength: 60 }),
  reference: fc.array(gridValue, { minLength: 1, maxLength: 60 }),
  boundaries: fc
    .uniqueArray(gridValue, { minLength: 1, maxLength: 12 })
    .map((boundaries) => boundaries.sort((a, b) => a - b)),
});

/** Counts per bin; a value on a boundary belongs to the bin below. */
export function countBins(values: readonly number[], boundaries: readonly number[]): number[] {
  const counts = new Array<number>(boundaries.length + 1).fill(0);
  for (const value of values) counts[boundaries.filter((boundary) => boundary < value).length]! += 1;
  return counts;
}

/** Values of F - G of the raw samples at each distinct value, in order, with these values. */
export function rawDifferences({ window, reference }: RawSamples): { at: number; difference: number }[] {
  const shareUpTo = (values: readonly number[], at: number) =>
    values.filter((value) => value <= at).length / values.length;
  return [...new Set([...window, ...reference])]
    .sort((a, b) => a - b)
    .map((at) => ({ at, difference: shareUpTo(window, at) - shareUpTo(reference, at) }));
}
