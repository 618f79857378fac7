/**
 * Coefficients c0, c1, ... of the least-squares polynomial through the points, by Gram-Schmidt on the powers of x (twice, so that it is
 * as accurate as a QR decomposition).
 *
 * @param x abscissae, more than `degree` distinct ones.
 * @param y ordinates, as many.
 * @param degree of the polynomial, small.
 * @example polynomialFit([0, 1, 2], [1, 3, 5], 1) // [1, 2]
 */
export function polynomialFit(x: readonly number[], y: readonly number[], degree: number): number[] {
  const basis: { values: number[]; coefficients: number[] }[] = [];
  const fitted = new Array<number>(degree + 1).fill(0);
  for (let power = 0; power <= degree; power++) {
    let values = x.map((value) => value ** power);
    let coefficients = fitted.map((_, i): number => (i === power ? 1 : 0));
    for (const previous of [...basis, ...basis]) {
      const share = dot(values, previous.values) / dot(previous.values, previous.values);
      values = values.map((value, i) => value - share * previous.values[i]!);
      coefficients = coefficients.map((value, i) => value - share * previous.coefficients[i]!);
    }
    const weight = dot(y, values) / dot(values, values);
    coefficients.forEach((value, i) => {
      fitted[i]! += weight * value;
    });
    basis.push({ values, coefficients });
  }
  return fitted;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
