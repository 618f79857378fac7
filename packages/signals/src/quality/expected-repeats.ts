import type { RepeatCurve } from "@tidemark/schema";
import { studentQuantile } from "@tidemark/stats";

/** Blocks of one length without which their spread is not known. */
const LEAST_BLOCKS = 8;
/** Chance that a stretch like the reference's has more repeats than the limit. */
const ALPHA = 1e-4;

/** What a stretch of so many rows may repeat. */
export interface ExpectedRepeats {
  /** Mean share over the reference's blocks of that length. */
  readonly mean: number;
  /** Upper end of what chance brings: a one-sided prediction interval, or the reference's own largest share if that is more. */
  readonly limit: number;
}

/** Rows of the longest stretch that the reference has eight of; 0 where there is none. */
export function longestStretch(curve: RepeatCurve): number {
  return curve.findLast(({ blocks }) => blocks >= LEAST_BLOCKS)?.rows ?? 0;
}

/**
 * Mean and limit at a number of rows, between the curve's lengths linear in log(rows); beyond its ends as there. Limit of one length of k
 * blocks: `mean + t(1 - 1e-4; k - 1) s sqrt(1 + 1/k)`, the prediction interval of one more block. Longer blocks, of which there are fewer than
 * eight, keep the spread of the longest that has eight.
 */
export function expectedRepeats(curve: RepeatCurve, rows: number): ExpectedRepeats {
  const above = curve.findIndex((point) => point.rows >= rows);
  if (above <= 0) return ofPoint(curve, above === 0 ? 0 : curve.length - 1);
  const [low, high] = [ofPoint(curve, above - 1), ofPoint(curve, above)];
  const [from, to] = [curve[above - 1]!.rows, curve[above]!.rows];
  const part = Math.log(rows / from) / Math.log(to / from);
  return { mean: low.mean + part * (high.mean - low.mean), limit: low.limit + part * (high.limit - low.limit) };
}

function ofPoint(curve: RepeatCurve, index: number): ExpectedRepeats {
  const { mean, largest } = curve[index]!;
  const known = curve.findLast((point, place) => place <= index && point.blocks >= LEAST_BLOCKS) ?? curve[0]!;
  const { deviation, blocks } = known;
  const reach = blocks < 2 ? 0 : studentQuantile(1 - ALPHA, blocks - 1) * deviation * Math.sqrt(1 + 1 / blocks);
  return { mean, limit: Math.min(1, Math.max(mean + reach, largest)) };
}
