/** A symmetric matrix from its upper triangle with the diagonal, row by row. */
export function squareOf(triangle: readonly number[], size: number): number[][] {
  const square = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  let at = 0;
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++, at++) square[i]![j] = square[j]![i] = triangle[at]!;
  }
  return square;
}

/** w' Q w over the given rows and columns of a square matrix: weights[k] belongs to row `offset + k`. */
export function quadratic(square: readonly (readonly number[])[], weights: readonly number[], offset: number): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    for (let j = 0; j < weights.length; j++) sum += weights[i]! * weights[j]! * square[offset + i]![offset + j]!;
  }
  return sum;
}

/** Element by element into the first. */
export function addInto(into: number[], values: readonly number[]): void {
  for (let index = 0; index < values.length; index++) into[index]! += values[index]!;
}
