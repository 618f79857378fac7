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
 * Ridge logistic regression on one-hot codes by Newton's method from the mean of `y`, the curvature kept from step to step while the steps
 * shrink fast enough (the chord method): a step on a kept curvature costs a tenth of one on a new one. A step that makes the fit worse, as
 * of rare outcomes far from the mean, is halved. Stops when no coefficient moves by 1e-11, after twelve curvatures at most.
 *
 * @param y outcomes in [0, 1]. @returns coefficients in the order of ridgeLeastSquares. Linear predictors are cut to [-35, 35].
 * @throws RangeError when the penalised system is not positive definite.
 * Source: S. le Cessie, J. C. van Houwelingen, Applied Statistics 41 (1992), doi:10.2307/2347628; C. T. Kelley, Solving Nonlinear Equations
 * with Newton's Method (2003), sections 1.6 and 2.4, for halving and the chord method.
 */
export function ridgeLogistic(rows: CodedRows, y: ArrayLike<number>, options: RidgeOptions): Float64Array {
  const design = designOf(rows);
  const beta = new Float64Array(design.width);
  beta[0] = startOf(design.rowCount, y, options);
  let { gram, gradient, fit } = logisticSums(design, y, beta, options);
  for (let curvatures = 1; curvatures < MAX_CURVATURES; curvatures++) {
    factorize(gram, design.width);
    let before = Number.POSITIVE_INFINITY;
    for (;;) {
      const step = solveFactored(gram, gradient);
      const largest = addStep(beta, step);
      if (largest < SETTLED) return beta;
      const isSlow = largest * FEWEST_SHRINK > before;
      before = largest;
      const next = isSlow ? null : logisticGradient(design, y, beta, options);
      if (next !== null && !isWorse(next.fit, fit)) {
        ({ gradient, fit } = next);
        continue;
      }
      const better = halveWhileWorse(design, y, { beta, step, options, fit });
      ({ gram, gradient, fit } = better);
      break;
    }
  }
  return beta;
}

/** Steps that shrink by less need so many more that a new curvature is cheaper. */
const FEWEST_SHRINK = 4;
const MAX_CURVATURES = 12;
/** No coefficient moves by as much any more. */
const SETTLED = 1e-11;
/** A thousandth of a step that does not help is none. */
const MAX_HALVINGS = 10;
/** What adding up rows rounds off of a fit. */
const FIT_ROUNDING = 1e-12;

function isWorse(fit: number, than: number): boolean {
  return fit < than - FIT_ROUNDING * Math.abs(than);
}

interface TakenStep {
  /** With the step in it. */
  readonly beta: Float64Array;
  readonly step: Float64Array;
  readonly options: RidgeOptions;
  /** The fit before the step. */
  readonly fit: number;
}

/** Takes back half of a step as long as it makes the fit worse, and gives the sums there. */
function halveWhileWorse(design: Design, y: ArrayLike<number>, { beta, step, options, fit }: TakenStep): LogisticSums {
  let sums = logisticSums(design, y, beta, options);
  for (let halvings = 0; halvings < MAX_HALVINGS && isWorse(sums.fit, fit); halvings++) {
    for (let c = 0; c < beta.length; c++) {
      step[c]! /= 2;
      beta[c]! -= step[c]!;
    }
    sums = logisticSums(design, y, beta, options);
  }
  return sums;
}

/** Log-odds of the weighted mean outcome. */
function startOf(rowCount: number, y: ArrayLike<number>, { weights }: RidgeOptions): number {
  let total = 0;
  let sum = 0;
  for (let i = 0; i < rowCount; i++) {
    const weight = weights?.[i] ?? 1;
    total += weight;
    sum += weight * y[i]!;
  }
  const mean = total > 0 ? Math.min(1 - 1e-6, Math.max(1e-6, sum / total)) : 0.5;
  return Math.log(mean / (1 - mean));
}

/** The penalised log-likelihood and its gradient. */
interface LogisticFit {
  readonly fit: number;
  readonly gradient: Float64Array;
}

/** The same with its curvature. */
interface LogisticSums extends LogisticFit {
  readonly gram: Float64Array;
}

function logisticSums(
  design: Design,
  y: ArrayLike<number>,
  beta: Float64Array,
  { penalty, weights }: RidgeOptions,
): LogisticSums {
  const gram = penaltyMatrix(design.width, penalty);
  const gradient = penaltyGradient(beta, penalty);
  let fit = penaltyFit(beta, penalty);
  for (let row = 0; row < design.rowCount; row++) {
    const predictor = predictRow(design, row, beta);
    const p = sigmoid(predictor);
    const weight = weights?.[row] ?? 1;
    fit += weight * logLikelihood(predictor, y[row]!);
    const curvature = weight * Math.max(p * (1 - p), 1e-6);
    addRow({ design, row, gram, right: gradient, curvature, pull: weight * (y[row]! - p) });
  }
  return { gram, gradient, fit };
}

function logisticGradient(
  design: Design,
  y: ArrayLike<number>,
  beta: Float64Array,
  { penalty, weights }: RidgeOptions,
): LogisticFit {
  const { columns, perRow, width, numeric, rowCount } = design;
  const gradient = penaltyGradient(beta, penalty);
  let fit = penaltyFit(beta, penalty);
  for (let row = 0; row < rowCount; row++) {
    const predictor = predictRow(design, row, beta);
    const weight = weights?.[row] ?? 1;
    fit += weight * logLikelihood(predictor, y[row]!);
    const pull = weight * (y[row]! - sigmoid(predictor));
    for (let k = row * perRow; k < (row + 1) * perRow; k++) gradient[columns[k]!]! += pull;
    if (numeric !== null) gradient[width - 1]! += pull * numeric[row]!;
  }
  return { gradient, fit };
}

/** y ln p + (1 - y) ln(1 - p) of a linear predictor. */
function logLikelihood(predictor: number, y: number): number {
  return y * predictor - Math.max(predictor, 0) - Math.log1p(Math.exp(-Math.abs(predictor)));
}

/** @returns The largest change of a coefficient. */
function addStep(beta: Float64Array, step: Float64Array): number {
  let largest = 0;
  for (let c = 0; c < beta.length; c++) {
    beta[c]! += step[c]!;
    largest = Math.max(largest, Math.abs(step[c]!));
  }
  return largest;
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
  for (let c = 0; c < width; c++) matrix[c * width + c] = c === 0 ? INTERCEPT_PENALTY : penalty;
  return matrix;
}

function penaltyGradient(beta: Float64Array, penalty: number): Float64Array {
  return beta.map((value, c) => -(c === 0 ? INTERCEPT_PENALTY : penalty) * value);
}

function penaltyFit(beta: Float64Array, penalty: number): number {
  return beta.reduce((sum, value, c) => sum - ((c === 0 ? INTERCEPT_PENALTY : penalty) * value * value) / 2, 0);
}

/** Keeps a system of no rows solvable. */
const INTERCEPT_PENALTY = 1e-6;

/** Solves a x = b by Cholesky; overwrites both arguments. */
function solvePositiveDefinite(a: Float64Array, b: Float64Array): Float64Array {
  factorize(a, b.length);
  return solveFactored(a, b);
}

/** Cholesky of a lower triangle, in place. */
function factorize(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i += ROWS_AT_ONCE) {
    const rows = Math.min(ROWS_AT_ONCE, n - i);
    if (rows === ROWS_AT_ONCE) for (let j = 0; j < i; j += 2) factorFourByTwo(a, n, i, j);
    for (let row = i; row < i + rows; row++) {
      for (let j = rows === ROWS_AT_ONCE ? i : 0; j <= row; j++) {
        let sum = a[row * n + j]!;
        for (let k = 0; k < j; k++) sum -= a[row * n + k]! * a[j * n + k]!;
        if (row !== j) a[row * n + j] = sum / a[j * n + j]!;
        else if (sum > 0) a[row * n + row] = Math.sqrt(sum);
        else throw new RangeError(`the ridge system is not positive definite at column ${row}: raise the penalty`);
      }
    }
  }
}

/** Solves L L' x = b; overwrites b. */
function solveFactored(a: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  for (let i = 0; i < n; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= a[i * n + k]! * b[k]!;
    b[i] = sum / a[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    const solved = b[i]! / a[i * n + i]!;
    b[i] = solved;
    for (let k = 0; k < i; k++) b[k]! -= a[i * n + k]! * solved;
  }
  return b;
}

/** A multiple of two, so that the columns before such rows come in pairs. */
const ROWS_AT_ONCE = 4;

/** Columns j and j + 1 of four rows below them: eight sums that do not wait for each other, each in the order of one alone. */
function factorFourByTwo(a: Float64Array, n: number, i: number, j: number): void {
  const [r0, r1, r2, r3, left, right] = [i * n, (i + 1) * n, (i + 2) * n, (i + 3) * n, j * n, (j + 1) * n];
  let s0 = a[r0 + j]!;
  let s1 = a[r1 + j]!;
  let s2 = a[r2 + j]!;
  let s3 = a[r3 + j]!;
  let t0 = a[r0 + j + 1]!;
  let t1 = a[r1 + j + 1]!;
  let t2 = a[r2 + j + 1]!;
  let t3 = a[r3 + j + 1]!;
  for (let k = 0; k < j; k++) {
    const l = a[left + k]!;
    const r = a[right + k]!;
    const x0 = a[r0 + k]!;
    const x1 = a[r1 + k]!;
    const x2 = a[r2 + k]!;
    const x3 = a[r3 + k]!;
    s0 -= x0 * l;
    s1 -= x1 * l;
    s2 -= x2 * l;
    s3 -= x3 * l;
    t0 -= x0 * r;
    t1 -= x1 * r;
    t2 -= x2 * r;
    t3 -= x3 * r;
  }
  const pivot = a[left + j]!;
  const between = a[right + j]!;
  const next = a[right + j + 1]!;
  a[r0 + j] = s0 /= pivot;
  a[r1 + j] = s1 /= pivot;
  a[r2 + j] = s2 /= pivot;
  a[r3 + j] = s3 /= pivot;
  a[r0 + j + 1] = (t0 - s0 * between) / next;
  a[r1 + j + 1] = (t1 - s1 * between) / next;
  a[r2 + j + 1] = (t2 - s2 * between) / next;
  a[r3 + j + 1] = (t3 - s3 * between) / next;
}
