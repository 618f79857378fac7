/**
 * Solves A x = b by Gaussian elimination with partial pivoting.
 *
 * @param rows of A, each with the entry of b at its end; changed in place.
 * @returns x; not finite where A is singular.
 * Cost: order^3 / 3.
 */
export function solveLinearSystem(rows: Float64Array[]): number[] {
  const order = rows.length;
  for (let column = 0; column < order; column++) {
    let pivot = column;
    for (let i = column + 1; i < order; i++) {
      if (Math.abs(rows[i]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = i;
    }
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const top = rows[column]!;
    for (let i = column + 1; i < order; i++) {
      const row = rows[i]!;
      const factor = row[column]! / top[column]!;
      for (let j = column; j <= order; j++) row[j]! -= factor * top[j]!;
    }
  }
  const solution = new Array<number>(order).fill(0);
  for (let i = order - 1; i >= 0; i--) {
    const row = rows[i]!;
    let rest = row[order]!;
    for (let j = i + 1; j < order; j++) rest -= row[j]! * solution[j]!;
    solution[i] = rest / row[i]!;
  }
  return solution;
}
