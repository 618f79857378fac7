import { exactQuantile } from "../descriptive/exact-quantile.ts";
import { requireSample } from "../tests/require-sample.ts";

/**
 * How many equal bins a sample asks for. `sturges`: width = range / (log2 n + 1). `doane`: Sturges' with
 * log2(1 + |skewness| / its standard error) more bins, for skewed values. `auto`: the narrower width of Sturges' and Freedman and
 * Diaconis' 2 iqr / n^(1/3).
 */
export type BinRule = "sturges" | "doane" | "auto";

/** What `auto` may ask for where one outlier is far beyond the quartiles. */
const MAX_BINS = 2 ** 24;

/**
 * Edges of bins of equal width from the least to the greatest value, as numpy's `histogram_bin_edges` draws them.
 *
 * Offered to reproduce peers: Evidently bins the pooled samples by `sturges`, NannyML the reference by `doane`, frouros the pooled
 * samples by 10 or each sample by `auto`. One outlier
 * stretches every bin; quantile bins (quantilePsi) do not suffer from that.
 *
 * @param values raw finite values, at least one.
 * @param rule a rule, or the number of bins itself.
 * @returns at least two ascending edges; where all values are equal, v - 1/2 and v + 1/2.
 * @throws RangeError where the sample is empty, a value or the range is not finite, or a rule asks for more than 2^24 bins.
 * Sources: H. A. Sturges, JASA 21 (1926), doi:10.1080/01621459.1926.10502161; D. P. Doane, The American Statistician 30 (1976),
 * doi:10.1080/00031305.1976.10479172; D. Freedman, P. Diaconis, Zeitschrift für Wahrscheinlichkeitstheorie 57 (1981), doi:10.1007/BF01025868.
 * @example equalWidthEdges([0, 1, 2, 3], "sturges") // [0, 1, 2, 3]
 */
export function equalWidthEdges(values: ArrayLike<number>, rule: BinRule | number): number[] {
  requireSample("values", values);
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    min = Math.min(min, values[i]!);
    max = Math.max(max, values[i]!);
  }
  if (typeof rule === "number" && !(Number.isInteger(rule) && rule >= 1)) {
    throw new RangeError(`rule is ${rule}; expected a whole number of bins from 1`);
  }
  const range = max - min;
  if (!Number.isFinite(range)) throw new RangeError(`values range from ${min} to ${max}; expected a finite range`);
  if (range === 0 && typeof rule !== "number") return [min - 0.5, max + 0.5];
  if (range === 0) return equalWidthEdges([min - 0.5, max + 0.5], rule);
  const bins = typeof rule === "number" ? rule : binsOf(values, range, rule);
  if (!(bins <= MAX_BINS)) {
    throw new RangeError(
      `values ask for ${bins} bins by ${rule}; expected at most ${MAX_BINS}: their range is too far from their spread`,
    );
  }
  const step = range / bins;
  return Array.from({ length: bins + 1 }, (_, i) => (i === bins ? max : min + i * step));
}

/** The range divided by the rule's width, as numpy rounds it. */
function binsOf(values: ArrayLike<number>, range: number, rule: BinRule): number {
  if (rule === "auto") return Math.ceil(range / autoWidth(values, range));
  const extra = rule === "doane" ? skewnessBins(values) : 0;
  return extra === null ? 1 : Math.ceil(range / (range / (1 + Math.log2(values.length) + extra)));
}

function autoWidth(values: ArrayLike<number>, range: number): number {
  const sorted = Float64Array.from(values).sort();
  const sturges = range / (Math.log2(sorted.length) + 1);
  const quartiles = exactQuantile(sorted, 0.75) - exactQuantile(sorted, 0.25);
  return quartiles > 0 ? Math.min(sturges, (2 * quartiles) / Math.cbrt(sorted.length)) : sturges;
}

/** log2(1 + |skewness| / standard error); null for fewer than three values, or where their variance is below the smallest double. */
function skewnessBins(values: ArrayLike<number>): number | null {
  const n = values.length;
  if (n <= 2) return null;
  const meanOf = (term: (value: number) => number) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += term(values[i]!);
    return sum / n;
  };
  const mean = meanOf((value) => value);
  const deviation = Math.sqrt(meanOf((value) => (value - mean) ** 2));
  if (!(deviation > 0)) return null;
  const skewness = meanOf((value) => ((value - mean) / deviation) ** 3);
  const error = Math.sqrt((6 * (n - 2)) / ((n + 1) * (n + 3)));
  return Math.log2(1 + Math.abs(skewness) / error);
}
