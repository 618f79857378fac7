import type { EmbeddingProfile } from "@tidemark/schema";
import { normalQuantile } from "@tidemark/stats";
import type { VectorCounts } from "./count-vectors.ts";
import { dot, profileGeometry } from "./vector-geometry.ts";

/** How far a window's mean direction is from the reference's. */
export interface CentroidShift {
  /** Distance over the reference's spread, with a 95 % interval; the distance that rows cause by chance is taken off. */
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  /** Cosine of the angle between the two means. */
  readonly cosine: number;
  /** Usual shift of whole periods of the window's length in the reference; null where it does not know. */
  readonly usual: number | null;
}

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

/**
 * Shift of the centroid, in spreads of the reference (0.5: half the typical distance of a vector from the centroid).
 *
 *     d^2 = |m - c|^2 - v s_w^2 / n - s^2 / N,   Var d^2 ~ 4 v q (1 / n + 1 / N) + 2 (v s_w^2 / n + s^2 / N)^2 / D
 *
 * for window mean m and variance s_w^2 of n rows, reference centroid c and spread s of N rows, variance q of the rows along m - c less what noise shows of it, D effective
 * dimensions, and v the inflation by rows that depend on each other. The interval is about the rows of window and reference: what
 * whole days differ by is told beside it (`usual`).
 *
 * Source: the unbiased squared distance of means of J. Chen, Y. Qin, Annals of Statistics 38 (2010), doi:10.1214/09-AOS716, with normal limits.
 */
export function centroidShift(profile: EmbeddingProfile, counts: VectorCounts, windowMs: number): CentroidShift | null {
  const { rows, mean, variance, alongShift } = counts;
  if (rows < 2) return null;
  const { spread, fittedRows, effectiveDimensions } = profile;
  const { centroid } = profileGeometry(profile);
  const inflation = rowInflation(profile);
  const distance = mean.reduce((sum, value, j) => sum + (value - centroid[j]!) ** 2, 0);
  const sampling = (inflation * variance) / rows;
  const referenceError = (inflation * spread ** 2) / fittedRows;
  const squared = distance - sampling - referenceError;
  // The line along which rows are looked at is itself made of them: what noise alone would show is taken off.
  const noise = (spread ** 2 * (sampling + referenceError)) / (inflation * effectiveDimensions);
  const error = Math.sqrt(
    4 * inflation * Math.max(0, alongShift - noise) * (1 / rows + 1 / fittedRows) +
      (2 * (sampling + referenceError) ** 2) / effectiveDimensions,
  );
  const reach = normalQuantile(0.975) * error;
  const inSpreads = (value: number) => Math.sqrt(Math.max(0, value)) / spread;
  const lengths = Math.sqrt(dot(mean, mean) * dot(centroid, centroid));
  return {
    value: inSpreads(squared),
    lower: inSpreads(squared - reach),
    upper: inSpreads(squared + reach),
    cosine: lengths > 0 ? Math.max(-1, Math.min(1, dot(mean, centroid) / lengths)) : 0,
    usual: periodOf(profile, windowMs)?.usual ?? null,
  };
}

/** What periods of a window's length differ by in the reference; null where it does not know. */
export function periodOf(
  { periods: { hour, day, week } }: EmbeddingProfile,
  windowMs: number,
): EmbeddingProfile["periods"]["day"] {
  return windowMs >= WEEK_MS ? (week ?? day) : windowMs >= DAY_MS ? day : hour;
}

/** Inflation of a mean's variance by rows that depend on each other, over all directions. */
export function rowInflation({ slices }: EmbeddingProfile): number {
  return slices.reduce((sum, { varianceInflation }) => sum + varianceInflation.rows[0], 0) / slices.length;
}
