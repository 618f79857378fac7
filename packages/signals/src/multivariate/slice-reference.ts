import type { Profile } from "@tidemark/schema";
import {
  createDetectionReference,
  type DetectionReference,
  type EDetectorOptions,
  type JudgeOptions,
} from "@tidemark/stats";
import { seasonalSpread } from "../drift/seasonal-spread.ts";
import { slotRows, totalOf } from "../field-of.ts";
import { MINIMUM_REFERENCE_ROWS } from "../minimum-rows.ts";
import type { MultivariateCounts } from "../window-aggregate.ts";
import { multivariateModel } from "./multivariate-model.ts";

/** Reference counts along one direction, as the profile has them. */
export type CountedDirection = Pick<
  NonNullable<Profile["multivariate"]>["errors"],
  "boundaries" | "counts" | "varianceInflation"
>;

/** Steps of the reference's size: a table is made once for each, and the size rounded down. */
const STEP = Math.log(1.1);

const known = new WeakMap<CountedDirection, Map<number, DetectionReference>>();

/**
 * The reference of one direction for a window: the shares of all its rows, trusted for as many as made the scores of the window's
 * season slots,
 *
 *     N = 1 / sum_s ((n_s / n)^2 / N_s),
 *
 * so that an hour is not held against a whole year as if the year had been of that hour.
 *
 * @param size of `referenceSize`.
 */
export function sliceReference(direction: CountedDirection, size: number): DetectionReference {
  const { rowsPerIndependent, slots } = direction.varianceInflation;
  const dependent = (slots === null ? rowsPerIndependent?.rows : rowsPerIndependent?.slots) ?? 1;
  const step = Math.max(0, Math.ceil(Math.log((totalOf(direction.counts) * dependent) / size) / STEP));
  let tables = known.get(direction);
  if (tables === undefined) {
    tables = new Map();
    known.set(direction, tables);
  }
  let reference = tables.get(step);
  if (reference === undefined) {
    reference = createDetectionReference(direction.counts, "numeric", Math.exp(step * STEP));
    tables.set(step, reference);
  }
  return reference;
}

/** Reference rows that made the scores of a window's rows; see `sliceReference`. */
export function referenceSize(profile: Profile, { rows, slots }: Pick<MultivariateCounts, "rows" | "slots">): number {
  const field = multivariateModel(profile)?.fields[0];
  if (field === undefined) return 0;
  const all = totalOf(field.counts);
  if (field.slots === null) return all;
  const variance = slots.reduce((sum, { slot, rows: own }) => {
    const made = slotRows(field, slot);
    return sum + (own / rows) ** 2 / (made < MINIMUM_REFERENCE_ROWS ? all : made);
  }, 0);
  return Math.min(all, 1 / variance);
}

/** How far windows of a length differ by chance along a direction. */
export function sliceSpread(
  { varianceInflation: { rows, slots, periods } }: CountedDirection,
  windowMs: number,
): Pick<JudgeOptions, "variance" | "between"> {
  return slots === null ? { variance: rows } : seasonalSpread(slots, periods, windowMs);
}

const HOUR_MS = 3_600_000;

/**
 * How far windows of a length differ by chance along a direction while they come one after the other: the variance of an hour, a
 * day or a week that differs counts as often as windows share it, and a part of it where a window holds several.
 */
export function lastingSpread(
  { varianceInflation: { slots, periods } }: CountedDirection,
  windowMs: number,
): Pick<EDetectorOptions, "initialVariance" | "levelVariance"> {
  if (periods === undefined) return { initialVariance: slots };
  const { withinHour, hour, day, week } = periods;
  const lasting = (probe: 0 | 1) => Math.max(hour[probe], 24 * day[probe], 168 * week[probe]) * (HOUR_MS / windowMs);
  return { initialVariance: withinHour, levelVariance: [lasting(0), lasting(1)] };
}
