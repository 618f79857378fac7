import { type ControlLine, controlLine, requirePoints } from "./control-line.ts";

/**
 * p chart: shares of defective units, within 3 sqrt(p (1 - p) / n_i) of the overall share, cut to [0, 1].
 *
 * @param defective units by sample, 0 to n.
 * @param n units by sample, or one number for all.
 * @param center share in control from history, in [0, 1]; that of the samples themselves by default.
 * @throws RangeError naming the count that is out of its domain.
 * Source: NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.3.2, doi:10.18434/M32189.
 * @example pChart([1, 3], 10).center // 0.2
 */
export function pChart(defective: readonly number[], n: number | readonly number[], center?: number): ControlLine {
  const sizes = sizesOf("n", n, defective);
  defective.forEach((count, i) => {
    if (count > sizes[i]!) throw new RangeError(`defective[${i}] is ${count}; expected at most n = ${sizes[i]}`);
  });
  const share = center ?? sum(defective) / sum(sizes);
  if (!(share >= 0 && share <= 1)) throw new RangeError(`center is ${center}; expected a share in [0, 1]`);
  const reach = (i: number) => 3 * Math.sqrt((share * (1 - share)) / sizes[i]!);
  return controlLine(
    defective.map((count, i) => count / sizes[i]!),
    share,
    (i) => Math.max(0, share - reach(i)),
    (i) => Math.min(1, share + reach(i)),
  );
}

/**
 * np chart: numbers of defective units in samples of one size, within 3 sqrt(n p (1 - p)) of their mean.
 *
 * @param defective units by sample, 0 to n.
 * @param n units in each sample.
 * @throws RangeError as pChart.
 * @example npChart([1, 3], 10).center // 2
 */
export function npChart(defective: readonly number[], n: number): ControlLine {
  const { center: share } = pChart(defective, n);
  const reach = 3 * Math.sqrt(n * share * (1 - share));
  return controlLine(defective, n * share, Math.max(0, n * share - reach), Math.min(n, n * share + reach));
}

/**
 * c chart: numbers of defects in equal areas of opportunity, within 3 sqrt(c) of their mean.
 *
 * @param defects by sample, at least 0.
 * @throws RangeError naming the count that is out of its domain.
 * Source: NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.3.1, doi:10.18434/M32189.
 * @example cChart([14, 18]).upper[0] // 28
 */
export function cChart(defects: readonly number[]): ControlLine {
  return uChart(defects, 1);
}

/**
 * u chart: defects per unit of opportunity, within 3 sqrt(u / n_i) of the overall rate.
 *
 * @param defects by sample, at least 0.
 * @param n units of opportunity by sample (above 0, not necessarily whole), or one number for all.
 * @param center rate in control from history, at least 0; that of the samples themselves by default.
 * @throws RangeError naming the count that is out of its domain.
 * Source: D. C. Montgomery, Introduction to Statistical Quality Control, section 7.3.
 * @example uChart([4, 2], [2, 1]).center // 2
 */
export function uChart(defects: readonly number[], n: number | readonly number[], center?: number): ControlLine {
  const sizes = sizesOf("n", n, defects);
  const rate = center ?? sum(defects) / sum(sizes);
  if (!(rate >= 0 && rate < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`center is ${rate}; expected a finite rate of at least 0`);
  }
  const reach = (i: number) => 3 * Math.sqrt(rate / sizes[i]!);
  return controlLine(
    defects.map((count, i) => count / sizes[i]!),
    rate,
    (i) => Math.max(0, rate - reach(i)),
    (i) => rate + reach(i),
  );
}

function sizesOf(name: string, n: number | readonly number[], counts: readonly number[]): readonly number[] {
  requirePoints("counts", counts, 1);
  const negative = counts.findIndex((count) => count < 0);
  if (negative >= 0) throw new RangeError(`counts[${negative}] is ${counts[negative]}; expected at least 0`);
  const sizes = typeof n === "number" ? counts.map(() => n) : n;
  if (sizes.length !== counts.length) {
    throw new RangeError(`${name} has ${sizes.length} entries; expected ${counts.length}`);
  }
  const wrong = sizes.findIndex((size) => !(size > 0 && Number.isFinite(size)));
  if (wrong >= 0) throw new RangeError(`${name}[${wrong}] is ${sizes[wrong]}; expected a number above 0`);
  return sizes;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
