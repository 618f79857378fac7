/** A square matrix, values x 2^exponent, row by row. */
export interface ScaledMatrix {
  readonly values: Float64Array;
  readonly exponent: number;
}

/** Largest magnitude before a matrix is divided by a power of two. */
const LARGE = 2 ** 400;

/**
 * Power of a square matrix of non-negative numbers by repeated squaring, scaled by powers of two so that nothing overflows.
 *
 * @param values order x order numbers, row by row.
 * @param power a whole number of at least 1.
 * Cost: order^3 log2(power).
 */
export function matrixPower(values: Float64Array, order: number, power: number): ScaledMatrix {
  let result: ScaledMatrix | null = null;
  let square: ScaledMatrix = { values, exponent: 0 };
  for (let rest = power; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = result === null ? square : multiply(result, square, order);
    if (rest > 1) square = multiply(square, square, order);
  }
  return result!;
}

function multiply(a: ScaledMatrix, b: ScaledMatrix, order: number): ScaledMatrix {
  const product = new Float64Array(order * order);
  let largest = 0;
  for (let i = 0; i < order; i++) {
    for (let k = 0; k < order; k++) {
      const factor = a.values[i * order + k]!;
      if (factor === 0) continue;
      for (let j = 0; j < order; j++) product[i * order + j]! += factor * b.values[k * order + j]!;
    }
  }
  for (const value of product) largest = Math.max(largest, value);
  const exponent = a.exponent + b.exponent;
  if (largest < LARGE) return { values: product, exponent };
  return { values: product.map((value) => value / LARGE), exponent: exponent + 400 };
}
