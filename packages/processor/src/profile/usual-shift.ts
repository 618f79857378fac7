import type { EmbeddingProfile } from "@tidemark/schema";
import { type FittedVectors, unitInto } from "@tidemark/signals";

const PERIOD_HOURS = { hour: 1, day: 24, week: 168 } as const;
/** Hours from a Monday, 00:00 UTC, to 1970. */
const MONDAY_OFFSET = 72;
/** Rows of a period without which its mean says nothing. */
const LEAST_ROWS = 20;
const LEAST_PERIODS = 2;

/**
 * How far the mean directions of whole hours, days and weeks are from the centroid beyond what their rows explain, as a root mean square in
 * spreads: what a shift is usual of.
 *
 * @param values rows × dimension in the order of time.
 */
export function usualShift(
  values: Float32Array,
  hours: Int32Array,
  fitted: Pick<FittedVectors, "centroid" | "spread">,
): EmbeddingProfile["usualShift"] {
  const of = (length: number) => shiftOf(values, hours, length, fitted);
  return { hour: of(PERIOD_HOURS.hour), day: of(PERIOD_HOURS.day), week: of(PERIOD_HOURS.week) };
}

function shiftOf(
  values: Float32Array,
  hours: Int32Array,
  length: number,
  { centroid, spread }: Pick<FittedVectors, "centroid" | "spread">,
): number | null {
  const dimension = centroid.length;
  const unit = new Float64Array(dimension);
  let sum = new Float64Array(dimension);
  let rows = 0;
  let squares = 0;
  let periods = 0;
  const close = () => {
    if (rows >= LEAST_ROWS) {
      squares += sum.reduce((total, value, j) => total + (value / rows - centroid[j]!) ** 2, 0) - spread ** 2 / rows;
      periods += 1;
    }
    sum = new Float64Array(dimension);
    rows = 0;
  };
  const periodOf = (row: number) => Math.floor((hours[row]! + MONDAY_OFFSET) / length);
  for (let row = 0; row < hours.length; row++) {
    if (row > 0 && periodOf(row) !== periodOf(row - 1)) close();
    if (unitInto(unit, values, row) === 0) continue;
    for (let j = 0; j < dimension; j++) sum[j]! += unit[j]!;
    rows += 1;
  }
  close();
  return periods < LEAST_PERIODS ? null : Math.sqrt(Math.max(0, squares / periods)) / spread;
}
