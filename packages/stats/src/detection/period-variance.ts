import { chiSquareQuantile } from "../distributions/quantiles.ts";
import type { BinKind } from "./detection-reference.ts";

/** Sums of the probes over the rows of one period (an hour, a day, a week). */
export interface PeriodSums {
  readonly sums: ArrayLike<number>;
  readonly rows: number;
}

/** Periods as often as not shorter than this share of the middle one are cut off by an end of the data. */
const LEAST_SHARE = 0.5;
/** Levels at which periods are taken to differ at all, and of the upper limit of by how much. */
const DIFFERENCE_LEVEL = 0.9995;
const LIMIT_LEVEL = 0.2;
/** A level d moves the scale probe as well, by d^2 / sqrt(2): far beyond its own variance where d is large. */
const LEAST_SCALE_SHARE = 0.25;

/**
 * By how much the means of whole periods differ beyond what their rows explain: the variance component between periods, of
 * location and scale, in squared standard deviations of the probes.
 *
 *     t^2 = sum_j m_j^2 / J x k / (k - 1) - mean 1 / n_j,  m_j = S_j / n_j
 *
 * A few weeks show it badly, so its upper 80 % limit is given, t^2 times df over the 20 % quantile of chi-square, plus the
 * share of it that the reference itself carries, 1 / k; and 0 where the periods do not differ beyond chance (at 0.05 %). The scale's is at
 * least a quarter of the location's: without that, 3 to 11 of 1,000 stable weeks were critical as changes of scale, with it none beside
 * eight reference weeks or more (docs/benchmarks/detection.md).
 *
 * @param periods each with its probe sums against the season slots of its own rows.
 * @param seasons k: how many seasons (weeks) made those slots, at least 2. The periods' own rows are in the slots they are
 * held against, which hides 1 / k of their variance.
 * @returns [0, 0] with fewer than two whole periods. Categorical: the mean over probes, for both.
 * Source: analysis of variance; S. R. Searle et al., Variance Components, 1992, ch. 3.
 */
export function periodVariance(
  periods: readonly PeriodSums[],
  kind: BinKind,
  seasons: number,
): readonly [number, number] {
  if (!(seasons >= 2)) throw new RangeError(`seasons is ${seasons}; slots that one season made show nothing of it`);
  const middle = periods.map(({ rows }) => rows).sort((a, b) => a - b)[periods.length >> 1] ?? 0;
  const whole = periods.filter(({ rows }) => rows > 0 && rows >= LEAST_SHARE * middle);
  if (whole.length < 2) return [0, 0];
  const probes = whole[0]!.sums.length;
  const of = (probe: number) => varianceOf(whole, probe, seasons);
  if (kind === "numeric") {
    const location = of(0);
    return [location, Math.max(of(1), LEAST_SCALE_SHARE * location)];
  }
  const shared =
    Array.from({ length: probes }, (_, probe) => of(probe)).reduce((sum, value) => sum + value, 0) / probes;
  return [shared, shared];
}

function varianceOf(periods: readonly PeriodSums[], probe: number, seasons: number): number {
  const count = periods.length;
  const hidden = seasons / (seasons - 1);
  const degrees = Math.max(1, count / hidden);
  let squares = 0;
  let beyondChance = 0;
  let sampling = 0;
  for (const { sums, rows } of periods) {
    const mean = sums[probe]! / rows;
    squares += mean ** 2;
    beyondChance += mean ** 2 * rows;
    sampling += 1 / rows;
  }
  if (beyondChance <= chiSquareQuantile(DIFFERENCE_LEVEL, degrees)) return 0;
  const component = (squares * hidden - sampling) / count;
  return Math.max(0, component) * (degrees / chiSquareQuantile(LIMIT_LEVEL, degrees)) * (1 + 1 / seasons);
}
