/**
 * A copy of a histogram's boundaries.
 *
 * @throws RangeError where a boundary is NaN or not above the one before it.
 */
export function checkedBoundaries(boundaries: ArrayLike<number>): Float64Array {
  const frozen = Float64Array.from(boundaries);
  for (let i = 0; i < frozen.length; i++) {
    if (Number.isNaN(frozen[i]) || (i > 0 && !(frozen[i]! > frozen[i - 1]!))) {
      throw new RangeError(`boundaries[${i}] is ${frozen[i]}; boundaries must ascend, be distinct and not NaN`);
    }
  }
  return frozen;
}
