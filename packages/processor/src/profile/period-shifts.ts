import type { EmbeddingProfile } from "@tidemark/schema";
import { type FittedVectors, unitInto } from "@tidemark/signals";
import { chiSquareQuantile, normalQuantile } from "@tidemark/stats";

const PERIOD_HOURS = { hour: 1, day: 24, week: 168 } as const;
/** Hours from a Monday, 00:00 UTC, to 1970. */
const MONDAY_OFFSET = 72;
/** Rows of a period without which its mean says nothing. */
const LEAST_ROWS = 10;
const LEAST_PERIODS = 2;
/** Levels at which periods are taken to differ at all, and of the upper limit of by how much (as `periodVariance` has them). */
const DIFFERENCE_LEVEL = 0.9995;
const LIMIT_LEVEL = 0.2;

type PeriodShift = NonNullable<EmbeddingProfile["periods"]["day"]>;

/** Mean directions of whole periods, each with its rows. */
interface PeriodMeans {
  readonly sums: readonly Float64Array[];
  readonly rows: readonly number[];
}

/**
 * How far the mean directions of whole hours, days and weeks are from the mean of all beyond what their rows explain:
 *
 *     t^2 = mean_j (|m_j - m|^2 / s^2 - 1 / n_j + 1 / n)
 *
 * 0 where it is within chance: n_j |m_j - m|^2 / s^2 varies by 2 / D about 1, for D effective dimensions. Few periods show it badly, so
 * its upper limit stands beside it.
 *
 * @param values rows × dimension in the order of time.
 */
export function periodShifts(
  values: Float32Array,
  hours: Int32Array,
  fitted: Pick<FittedVectors, "spread" | "effectiveDimensions">,
  dimension: number,
): EmbeddingProfile["periods"] {
  const of = (length: number) => shiftOf(periodMeans(values, hours, length, dimension), fitted);
  return { hour: of(PERIOD_HOURS.hour), day: of(PERIOD_HOURS.day), week: of(PERIOD_HOURS.week) };
}

function periodMeans(values: Float32Array, hours: Int32Array, length: number, dimension: number): PeriodMeans {
  const sums: Float64Array[] = [];
  const rows: number[] = [];
  const unit = new Float64Array(dimension);
  let current = Number.NaN;
  for (let row = 0; row < hours.length; row++) {
    const period = Math.floor((hours[row]! + MONDAY_OFFSET) / length);
    if (period !== current) {
      current = period;
      sums.push(new Float64Array(dimension));
      rows.push(0);
    }
    if (unitInto(unit, values, row) === 0) continue;
    const sum = sums.at(-1)!;
    for (let j = 0; j < dimension; j++) sum[j]! += unit[j]!;
    rows[rows.length - 1]! += 1;
  }
  return { sums, rows };
}

function shiftOf(
  { sums, rows }: PeriodMeans,
  { spread, effectiveDimensions }: Pick<FittedVectors, "spread" | "effectiveDimensions">,
): PeriodShift | null {
  const total = rows.reduce((sum, own) => sum + own, 0);
  const mean = sums.reduce(
    (all, sum) => all.map((value, j) => value + sum[j]! / total),
    new Float64Array(sums[0]!.length),
  );
  const used = rows.map((_own, period) => period).filter((period) => rows[period]! >= LEAST_ROWS);
  const count = used.length;
  if (count < LEAST_PERIODS) return null;
  let component = 0;
  let excess = 0;
  for (const period of used) {
    const own = rows[period]!;
    const squared = sums[period]!.reduce((sum, value, j) => sum + (value / own - mean[j]!) ** 2, 0) / spread ** 2;
    const chance = 1 / own - 1 / total;
    component += (squared - chance) / count;
    excess += (squared / chance - 1) / count;
  }
  const isChance = excess <= normalQuantile(DIFFERENCE_LEVEL) * Math.sqrt(2 / (effectiveDimensions * count));
  if (isChance || component <= 0) return { usual: 0, between: 0 };
  const degrees = count - 1;
  return { usual: Math.sqrt(component), between: component * (degrees / chiSquareQuantile(LIMIT_LEVEL, degrees)) };
}
