import gammaln from "@stdlib/math-base-special-gammaln";
import { pelzGoodCdf } from "./pelz-good-cdf.ts";
import { matrixPower, type ScaledMatrix } from "./scaled-matrix-power.ts";

/** Beyond, the asymptotic distribution (`kolmogorovUpperTail`) is right to 1e-8. */
const MOST_ROWS = 1e8;

/**
 * P(D_n >= d) for the two-sided one-sample Kolmogorov-Smirnov statistic of n rows.
 *
 * Exact where that is fast: closed forms for n d <= 1 and d >= 1/2; twice the one-sided tail where its relative error is below 1e-6
 * (n d^2 > 4, or > 2.2 for n > 140); the Marsaglia-Tsang-Wang matrix power for n <= 140 and near the center. Else the series of Pelz
 * and Good, within 1e-6.
 *
 * @param d statistic, in [0, 1].
 * @param n rows, a whole number of at least 1.
 * @returns a probability in [0, 1].
 * @throws RangeError where n is not a whole number of at least 1.
 * Source: R. Simard and P. L'Ecuyer, Journal of Statistical Software 39(11) (2011), doi:10.18637/jss.v039.i11.
 * @example ksOneSampleUpperTail(0.5, 5) // 0.0979
 */
export function ksOneSampleUpperTail(d: number, n: number): number {
  if (!(n >= 1 && n <= MOST_ROWS && Number.isInteger(n))) {
    throw new RangeError(`n is ${n}; expected a whole number from 1 to ${MOST_ROWS}`);
  }
  if (Number.isNaN(d)) throw new RangeError("d is NaN; expected a number");
  const t = n * d;
  if (t <= 0.5) return 1;
  if (d >= 1) return 0;
  if (t <= 1) return 1 - Math.exp(gammaln(n + 1) + n * Math.log((2 * t - 1) / n));
  if (t >= n - 1) return 2 * (1 - d) ** n;
  const closeness = t * d;
  if (d >= 0.5 || closeness > (n <= 140 ? 4 : 2.2)) return Math.min(1, 2 * oneSidedUpperTail(d, n));
  const cdf = n <= 140 || n * d ** 1.5 <= 1.4 ? matrixCdf(d, n) : pelzGoodCdf(d, n);
  return Math.min(1, Math.max(0, 1 - cdf));
}

/** Smirnov's sum: P(D+_n >= d) = d sum over j of C(n, j) (d + j/n)^(j-1) (1 - d - j/n)^(n-j). */
function oneSidedUpperTail(d: number, n: number): number {
  const last = Math.floor(n * (1 - d));
  const logOfAll = gammaln(n + 1);
  let sum = 0;
  for (let j = 0; j <= last; j++) {
    const rest = 1 - d - j / n;
    if (rest <= 0) break;
    const choose = logOfAll - gammaln(j + 1) - gammaln(n - j + 1);
    sum += Math.exp(choose + (j - 1) * Math.log(d + j / n) + (n - j) * Math.log(rest));
  }
  return d * sum;
}

/** P(D_n < d) = n! / n^n times the middle element of the n-th power of a matrix of order 2 ceil(n d) - 1. */
function matrixCdf(d: number, n: number): number {
  const k = Math.ceil(n * d);
  const order = 2 * k - 1;
  const power = matrixPower(durbinMatrix(k - n * d, order), order, n);
  return scaledElement(power, (k - 1) * order + k - 1, n);
}

function durbinMatrix(h: number, order: number): Float64Array {
  const matrix = new Float64Array(order * order);
  for (let i = 0; i < order; i++) {
    for (let j = 0; j < order; j++) if (i - j + 1 >= 0) matrix[i * order + j] = 1;
  }
  for (let i = 0; i < order; i++) {
    matrix[i * order]! -= h ** (i + 1);
    matrix[(order - 1) * order + i]! -= h ** (order - i);
  }
  if (2 * h > 1) matrix[(order - 1) * order]! += (2 * h - 1) ** order;
  let factorial = 1;
  for (let below = 1; below <= order; below++) {
    factorial *= below;
    for (let i = below - 1; i < order; i++) matrix[i * order + i - below + 1]! /= factorial;
  }
  return matrix;
}

function scaledElement(power: ScaledMatrix, index: number, n: number): number {
  const element = power.values[index]!;
  return Math.exp(Math.log(element) + power.exponent * Math.LN2 + gammaln(n + 1) - n * Math.log(n));
}
