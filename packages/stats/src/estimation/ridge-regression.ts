/** Rows of integer codes, one per feature; `sizes[j]` is the number of codes of feature j. Column 0 of the design is the intercept. */
export interface CodedRows {
  readonly codes: readonly ArrayLike<number>[];
  readonly sizes: readonly number[];
  /** One more column of numbers, the last of the design. */
  readonly numeric?: ArrayLike<number>;
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
 * @returns coefficients: intercept, each feature's codes in order, then the numeric column. Cost O(rows features^2 + columns^3).
 * @throws RangeError when the penalised system is not positive definite.
 * Source: A. E. Hoerl, R. W. Kennard, Technometrics 12 (1970), doi:10.1080/00401706.1970.10488634.
 */
export function ridgeLeastSquares(rows: CodedRows, y: ArrayLike<number>, options: RidgeOptions): Float64Array {
  const design = designOf(rows);
  const gram = penaltyMatrix(design.width, options.penalty);
  const right = new Float64Array(design.width);
  for (let i = 0; i < design.rowCount; i++) {
    const weight = options.weights?.[i] ?? 1;
    addRow({ design, row: i, gram, right, curvature: weight, pull: weight * y[i]! });
  }
  return solvePositiveDefinite(gram, right);
}

/**
 * Ridge logistic regression on one-hot codes by at most eight Newton steps, stopped when no coefficient moves by 1e-8.
 *
 * @param y outcomes in [0, 1]. @returns coefficients in the order of ridgeLeastSquares. Linear predictors are cut to [-35, 35].
 * @throws RangeError when the penalised system is not positive definite.
 * Source: S. le Cessie, J. C. van Houwelingen, Applied Statistics 41 (1992), doi:10.2307/2347628.
 */
export function ridgeLogistic(rows: CodedRows, y: ArrayLike<number>, options: RidgeOptions): Float64Array {
  const design = designOf(rows);
  const { width, rowCount } = design;
  const beta = new Float64Array(width);
  for (let iteration = 0; iteration < 8; iteration++) {
    const hessian = penaltyMatrix(width, options.penalty);
    const gradient = new Float64Array(width);
    for (let c = 0; c < width; c++) gradient[c] = -hessian[c * width + c]! * beta[c]!;
    for (let i = 0; i < rowCount; i++) {
      const p = sigmoid(predictRow(design, i, beta) + (options.offset?.[i] ?? 0));
      const weight = options.weights?.[i] ?? 1;
      const curvature = weight * Math.max(p * (1 - p), 1e-6);
      addRow({ design, row: i, gram: hessian, right: gradient, curvature, pull: weight * (y[i]! - p) });
    }
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

/** Linear predictor xb of each row. */
export function linearPredictors(rows: CodedRows, beta: Float64Array): Float64Array {
  const design = designOf(rows);
  return Float64Array.from({ length: design.rowCount }, (_, i) => predictRow(design, i, beta));
}

export function sigmoid(t: number): number {
  return 1 / (1 + Math.exp(-Math.min(35, Math.max(-35, t))));
}

/** Columns of each row's ones, rising, side by side; flat, since every fit goes over them again and again. */
interface Design {
  readonly columns: Int32Array;
  readonly perRow: number;
  readonly rowCount: number;
  readonly width: number;
  readonly numeric: ArrayLike<number> | null;
}

function designOf({ codes, sizes, numeric }: CodedRows): Design {
  const perRow = sizes.length + 1;
  const columns = new Int32Array(codes.length * perRow);
  codes.forEach((row, i) => {
    let offset = 1;
    for (let j = 0; j < sizes.length; j++) {
      columns[i * perRow + j + 1] = offset + row[j]!;
      offset += sizes[j]!;
    }
  });
  const ones = sizes.reduce((sum, size) => sum + size, 1);
  return { columns, perRow, rowCount: codes.length, width: ones + (numeric ? 1 : 0), numeric: numeric ?? null };
}

function predictRow({ columns, perRow, width, numeric }: Design, row: number, beta: Float64Array): number {
  let sum = 0;
  for (let k = row * perRow; k < (row + 1) * perRow; k++) sum += beta[columns[k]!]!;
  return numeric === null ? sum : sum + beta[width - 1]! * numeric[row]!;
}

interface RowSums {
  readonly design: Design;
  readonly row: number;
  /** Lower triangle; it receives curvature x x'. */
  readonly gram: Float64Array;
  /** It receives pull x. */
  readonly right: Float64Array;
  readonly curvature: number;
  readonly pull: number;
}

function addRow({ design, row, gram, right, curvature, pull }: RowSums): void {
  const { columns, perRow, width, numeric } = design;
  const start = row * perRow;
  for (let a = start; a < start + perRow; a++) {
    const column = columns[a]!;
    right[column]! += pull;
    for (let b = start; b <= a; b++) gram[column * width + columns[b]!]! += curvature;
  }
  if (numeric === null) return;
  const last = width - 1;
  const value = numeric[row]!;
  right[last]! += pull * value;
  for (let b = start; b < start + perRow; b++) gram[last * width + columns[b]!]! += curvature * value;
  gram[last * width + last]! += curvature * value * value;
}

function penaltyMatrix(width: number, penalty: number): Float64Array {
  const matrix = new Float64Array(width * width);
  for (let c = 0; c < width; c++) matrix[c * width + c] = c === 0 ? 1e-6 : penalty;
  return matrix;
}

/** Cholesky of a lower triangle; overwrites both arguments. */
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
