/** Bin by bin, into a new array; a loop, since `map` calls a function a bin. */
export function addCounts(left: Float64Array, right: Float64Array): Float64Array {
  const sums = new Float64Array(left);
  for (let bin = 0; bin < sums.length; bin++) sums[bin]! += right[bin]!;
  return sums;
}
