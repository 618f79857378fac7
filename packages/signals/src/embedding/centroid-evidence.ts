import type { EmbeddingProfile } from "@tidemark/schema";
import { meanLogEvidence } from "@tidemark/stats";
import { floatsOf } from "../estimation/packed-values.ts";
import { periodOf, rowInflation } from "./centroid-shift.ts";
import type { VectorCounts } from "./count-vectors.ts";
import { meanDirection, unitInto } from "./place-vectors.ts";
import { dot, profileGeometry } from "./vector-geometry.ts";
import type { VectorSample } from "./vector-sample.ts";

/** Sizes of a shift that the mixture is ready for, in standard errors. */
const STEPS = [2, 4, 6, 8] as const;
/** Rows of either half. */
const LEAST_ROWS = 50;
/** Variance of a mean that is rounding: all vectors are one. */
const LEAST_ERROR = 1e-14;
/** Rows that depend on each other more than this prove nothing within one hour. */
const MOST_INFLATION = 1.05;

/**
 * ln of an e-value that the centroid has moved, wherever to: one half of the window says the direction, the other half is judged along it, and
 * the other way round; the mean of
 *
 *     z = w'(m_2 - c_2) / sqrt(w'S w v (1 / n_2 + 1 / N_2) + b),   w = (m_1 - c_1) / |m_1 - c_1|,   e = mean_k exp(k z - k^2 / 2)
 *
 * with the centroids c_1, c_2 of disjoint rows of the reference, so that under no change z is about standard normal whatever w is; b is the
 * whole variance between periods of the reference, as if all of it lay along w. Halves are every other hour, which share no burst of rows; within one
 * hour every other row, and only where the reference's rows are independent.
 *
 * @returns null with fewer than 50 rows in a half, or where there are no halves.
 * Source: sample splitting as D. R. Cox, Biometrika 62 (1975); V. Vovk, R. Wang, Annals of Statistics 49 (2021), doi:10.1214/20-AOS2020 (e-values).
 */
export function centroidEvidence(
  profile: EmbeddingProfile,
  sample: VectorSample,
  { kept }: Pick<VectorCounts, "kept">,
  windowMs: number,
): number | null {
  const { values, hours } = sample;
  const inflation = rowInflation(profile);
  const isOneHour = kept.every((row) => hours[row] === hours[kept[0]!]);
  if (isOneHour && inflation > MOST_INFLATION) return null;
  const isFirst = (row: number) => (isOneHour ? row : hours[row]!) % 2 === 0;
  const first = kept.filter(isFirst);
  const second = kept.filter((row) => !isFirst(row));
  if (first.length < LEAST_ROWS || second.length < LEAST_ROWS) return null;
  const between = (periodOf(profile, windowMs)?.between ?? 0) * profile.spread ** 2;
  const judge = (from: readonly number[], by: readonly number[]) =>
    splitEvidence(profile, values, { from, by, inflation, between });
  return meanLogEvidence([judge(first, second), judge(second, first)]);
}

interface Split {
  /** Rows that say the direction, and those that are judged along it. */
  readonly from: readonly number[];
  readonly by: readonly number[];
  readonly inflation: number;
  readonly between: number;
}

function splitEvidence(
  profile: EmbeddingProfile,
  values: Float32Array,
  { from, by, inflation, between }: Split,
): number {
  const { dimension } = profile;
  const { centroid } = profileGeometry(profile);
  const moved = meanDirection(values, from, dimension).map((value, j) => value - centroid[j]!);
  const length = Math.sqrt(dot(moved, moved));
  if (length === 0) return 0;
  const unit = new Float64Array(dimension);
  const along = Float64Array.from(by, (row) => {
    unitInto(unit, values, row);
    return dot(moved, unit) / length;
  });
  const mean = along.reduce((sum, value) => sum + value, 0) / along.length;
  const variance = along.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (along.length - 1);
  const countedRows = profile.norm.counts.reduce((sum, count) => sum + count, 0);
  const error = variance * inflation * (1 / along.length + 1 / countedRows) + between;
  const shift = mean - dot(moved, floatsOf(profile.countedCentroid)) / length;
  return logMixture(shift / Math.sqrt(Math.max(error, LEAST_ERROR)));
}

function logMixture(z: number): number {
  const logs = STEPS.map((step) => step * z - step ** 2 / 2 - Math.log(STEPS.length));
  const largest = Math.max(...logs);
  return largest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - largest), 0));
}
