import type { EstimateTrust } from "@tidemark/stats";

/** An estimate with its interval. */
export interface Said {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  /** What its record says of it; null where none is kept. */
  readonly trust: EstimateTrust | null;
  /** Whether it was held against any known outcome before. */
  readonly hasRecord: boolean;
}

/** One score of one set, window by window. */
export interface ScoreSeries {
  readonly set: string;
  readonly metric: string;
  readonly truth: readonly number[];
  readonly said: Readonly<Record<Source, readonly (Said | null)[]>>;
}

/**
 * A: what is published while no outcome is known; B: with late outcomes. `last`: the truth of the newest window whose outcomes are known;
 * `constant`: the value on the reference. Neither of the two has an interval.
 */
export const SOURCES = ["nannyml", "A", "B", "last", "constant"] as const;
export type Source = (typeof SOURCES)[number];

/** Penalty for each unit by which a 95 % interval misses, in the interval score (Gneiting and Raftery 2007). */
const MISS_PENALTY = 2 / 0.05;

/** Mean absolute error over the windows where truth and estimate exist. */
export function errorOf({ truth, said }: ScoreSeries, source: Source): number {
  return meanOf(truth.map((real, w) => Math.abs((said[source][w]?.value ?? Number.NaN) - real)));
}

/** Intervals that hold the truth, of those that are meant. */
export function coverOf(
  { truth, said }: ScoreSeries,
  source: Source,
  isMeant: (said: Said) => boolean = () => true,
): { readonly hits: number; readonly count: number } {
  const held = truth.flatMap((real, w) => {
    const own = said[source][w];
    if (!own || !isMeant(own) || ![real, own.lower, own.upper].every(Number.isFinite)) return [];
    return [own.lower <= real && real <= own.upper];
  });
  return { hits: held.filter(Boolean).length, count: held.length };
}

/** Mean width of the intervals. */
export function widthOf({ said }: ScoreSeries, source: Source): number {
  return meanOf(said[source].map((own) => (own === null ? Number.NaN : own.upper - own.lower)));
}

/** Mean interval score: the width, and forty times the distance by which the truth lies outside. Lower is better. */
export function intervalScoreOf({ truth, said }: ScoreSeries, source: Source): number {
  return meanOf(
    truth.map((real, w) => {
      const own = said[source][w];
      if (!own) return Number.NaN;
      const missed = Math.max(0, own.lower - real, real - own.upper);
      return own.upper - own.lower + MISS_PENALTY * missed;
    }),
  );
}

function meanOf(values: readonly number[]): number {
  const known = values.filter(Number.isFinite);
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}
