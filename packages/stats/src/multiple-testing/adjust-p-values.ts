/**
 * How p-values of many tests are corrected. `bonferroni`, `sidak`, `holm`, `holm-sidak` and `hochberg` control the chance of one false
 * rejection, `benjamini-hochberg` the share of false rejections (independent or positively dependent tests) and
 * `benjamini-yekutieli` the same under any dependence.
 */
export type AdjustmentMethod =
  | "bonferroni"
  | "sidak"
  | "holm"
  | "holm-sidak"
  | "hochberg"
  | "benjamini-hochberg"
  | "benjamini-yekutieli";

/** Of the p-value with ascending rank `i` (0-based) among `n`, and for step methods what runs over the ranks. */
const METHODS: Readonly<
  Record<AdjustmentMethod, { factor: (p: number, i: number, n: number) => number; steps: Steps }>
> = {
  bonferroni: { factor: (p, _, n) => p * n, steps: "none" },
  sidak: { factor: (p, _, n) => atLeastOne(p, n), steps: "none" },
  holm: { factor: (p, i, n) => p * (n - i), steps: "down" },
  "holm-sidak": { factor: (p, i, n) => atLeastOne(p, n - i), steps: "down" },
  hochberg: { factor: (p, i, n) => p * (n - i), steps: "up" },
  "benjamini-hochberg": { factor: (p, i, n) => (p * n) / (i + 1), steps: "up" },
  "benjamini-yekutieli": { factor: (p, i, n) => (p * n * harmonic(n)) / (i + 1), steps: "up" },
};

/** `down`: running maximum from the smallest p-value. `up`: running minimum from the largest. */
type Steps = "none" | "down" | "up";

/**
 * Adjusted p-values: a test is rejected at level alpha where its adjusted p-value is at most alpha.
 *
 * @param pValues in [0, 1], any order.
 * @returns as many, in the order given, at most 1.
 * @throws RangeError naming the p-value outside [0, 1] (or NaN): a failed test must not count silently.
 * Sources: S. Holm, Scand. J. Statist. 6 (1979); Y. Hochberg, Biometrika 75 (1988), doi:10.1093/biomet/75.4.800;
 * Y. Benjamini, Y. Hochberg, JRSS B 57 (1995), doi:10.1111/j.2517-6161.1995.tb02031.x;
 * Y. Benjamini, D. Yekutieli, Annals of Statistics 29 (2001), doi:10.1214/aos/1013699998.
 * @example adjustPValues([0.01, 0.04, 0.03], "holm") // [0.03, 0.06, 0.06]
 */
export function adjustPValues(pValues: readonly number[], method: AdjustmentMethod): number[] {
  pValues.forEach((p, i) => {
    if (!(p >= 0 && p <= 1)) throw new RangeError(`pValues[${i}] is ${p}; expected a probability in [0, 1]`);
  });
  const { factor, steps } = METHODS[method];
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = order.map((at, i) => Math.min(1, factor(pValues[at]!, i, order.length)));
  if (steps === "down")
    for (let i = 1; i < adjusted.length; i++) adjusted[i] = Math.max(adjusted[i]!, adjusted[i - 1]!);
  if (steps === "up") {
    for (let i = adjusted.length - 2; i >= 0; i--) adjusted[i] = Math.min(adjusted[i]!, adjusted[i + 1]!);
  }
  const result = new Array<number>(order.length);
  order.forEach((at, i) => {
    result[at] = adjusted[i]!;
  });
  return result;
}

/** 1 - (1 - p)^n without cancellation. */
function atLeastOne(p: number, n: number): number {
  return -Math.expm1(n * Math.log1p(-p));
}

function harmonic(n: number): number {
  let sum = 0;
  for (let i = 1; i <= n; i++) sum += 1 / i;
  return sum;
}
