/** Rows of integer codes, one per feature; `sizes[j]` is the number of codes of feature j. Column 0 of the design is the intercept. */
export interface CodedRows {
  readonly codes: readonly (readonly number[])[];
  readonly sizes: readonly number[];
}

export interface RidgeOptions {
  /** Penalty lambda: lambda/2 |b|^2 (logistic) or lambda |b|^2 (least squares) on all but the intercept. */
  readonly penalty: number;
  readonly weights?: ArrayLike<number>;
  /** Added to the linear predictor (logistic only). */
  readonly offset?: ArrayLike<number>;
}

/**
 * Ridge least squares on one-hot codes: minimises sum w (y - xb)^2 + penalty |b|^2, the intercept free.
 *
 * @returns coefficients, intercept first, then each feature's codes in order. Cost O(rows features^2 + columns^3).
 * @throws RangeError when the penalised system is not positive definite.
 * Source: A. E. Hoerl, R. W. Kennard, Technometrics 12 (1970), doi:10.1080/00401706.1970.10488634.
 */
export function ridgeLeastSquares(rows: CodedRows, y: ArrayLike<number>, options: RidgeOptions): Float64Array {
  const { columns, width } = oneHotColumns(rows);
  const gram = penaltyMatrix(width, options.penalty);
  const right = new Float64Array(width);
  columns.forEach((row, i) => {
    const weight = options.weights?.[i] ?? 1;
    for (const a of row) {
      right[a]! += weight * y[i]!;
      for (const b of row) gram[a * width + b]! += weight;
    }
  });
  return solvePositiveDefinite(gram, right);
}

/**
 * Ridge logistic regression on one-hot codes by at most eight Newton steps, stopped when no coefficient moves by 1e-8.
 *
 * @param y outcomes in [0, 1]. @returns coefficients, intercept first. Linear predictors are cut to [-35, 35].
 * @throws RangeError when the penalised system is not positive definite.
 * Source: S. le Cessie, J. C. van Houwelingen, Applied Statistics 41 (1992), doi:10.2307/2347628.
 */
export function ridgeLogistic(rows: CodedRows, y: ArrayLike<number>, options: RidgeOptions): Float64Array {
  const { columns, width } = oneHotColumns(rows);
  const beta = new Float64Array(width);
  for (let iteration = 0; iteration < 8; iteration++) {
    const hessian = penaltyMatrix(width, options.penalty);
    const gradient = new Float64Array(width);
    for (let c = 0; c < width; c++) gradient[c] = -hessian[c * width + c]! * beta[c]!;
    columns.forEach((row, i) => {
      const p = sigmoid(row.reduce((sum, c) => sum + beta[c]!, 0) + (options.offset?.[i] ?? 0));
      const weight = options.weights?.[i] ?? 1;
      const curvature = weight * Math.max(p * (1 - p), 1e-6);
      for (const a of row) {
        gradient[a]! += weight * (y[i]! - p);
        for (const b of row) hessian[a * width + b]! += curvature;
      }
    });
    const step = solvePositiveDefinite(hessian, gradient);
    let largest = 0;
    step.forEach((value, c) => {
      beta[c]! += value;
      largest = Math.max(largest, Math.abs(value));
    });
    if (largest < 1e-8) break;
  }
  return beta;
}

function sigmoid(t: number): number {
  return 1 / (1 + Math.exp(-Math.min(35, Math.max(-35, t))));
}

function oneHotColumns({ codes, sizes }: CodedRows): { columns: number[][]; width: number } {
  let width = 1;
  const offsets = sizes.map((size) => {
    width += size;
    return width - size;
  });
  return { columns: codes.map((row) => [0, ...row.map((code, j) => offsets[j]! + code)]), width };
}

function penaltyMatrix(width: number, penalty: number): Float64Array {
  const matrix = new Float64Array(width * width);
  for (let c = 0; c < width; c++) matrix[c * width + c] = c === 0 ? 1e-6 : penalty;
  return matrix;
}

/** Cholesky; overwrites both arguments. */
function solvePositiveDefinite(a: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * n + k]! * a[j * n + k]!;
      if (i !== j) a[i * n + j] = sum / a[j * n + j]!;
      else if (sum > 0) a[i * n + i] = Math.sqrt(sum);
      else throw new RangeError(`the ridge system is not positive definite at column ${i}: raise the penalty`);
    }
  }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) b[i]! -= a[i * n + k]! * b[k]!;
    b[i]! /= a[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) b[i]! -= a[k * n + i]! * b[k]!;
    b[i]! /= a[i * n + i]!;
  }
  return b;
}
