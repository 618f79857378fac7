/** @throws RangeError where two histograms are not on the same boundaries, and so do not add up. */
export function requireEqualBoundaries(left: Float64Array, right: Float64Array): void {
  if (left === right) return;
  let differs = left.length !== right.length;
  for (let i = 0; i < left.length && !differs; i++) differs = left[i] !== right[i];
  if (differs) {
    throw new RangeError("boundaries of the two histograms differ; only histograms on the same boundaries add up");
  }
}
