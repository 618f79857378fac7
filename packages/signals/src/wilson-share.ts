import { wilsonInterval } from "@tidemark/stats";

/** A share with its 95 % interval, all in [0, 1]. */
export interface Share {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Share of `hits` among `rows` with Wilson's 95 % interval; null without rows.
 *
 * @param hits events, 0 to `rows`; a number beyond either end by rounding is taken as that end.
 * @param rows independent trials; may be an effective number.
 */
export function wilsonShare(hits: number, rows: number): Share | null {
  if (!(rows > 0)) return null;
  const bounded = Math.min(rows, Math.max(0, hits));
  const [lower, upper] = wilsonInterval(bounded, rows);
  const value = bounded / rows;
  return { value, lower: Math.min(lower, value), upper: Math.max(upper, value) };
}
