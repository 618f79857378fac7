import { quoteNumber } from "../store/quote.ts";
import type { PairedFeature } from "./load-pairs.ts";

/** SQL about one feature of the table of pairs; none of it is ever null. */
export interface PairSql {
  readonly served: string;
  readonly recomputed: string;
  /** Two values that are not the same. */
  readonly differs: string;
  readonly missingServed: string;
  readonly missingRecomputed: string;
}

/** @param at place of the feature in the table. */
export function pairSql({ kind }: PairedFeature, at: number, tolerance: number): PairSql {
  const [served, recomputed] = [`s${at}`, `r${at}`];
  const differs =
    kind === "numeric" ? `NOT (${areClose(served, recomputed, tolerance)})` : `${served} != ${recomputed}`;
  return {
    served,
    recomputed,
    differs: `ifNull(${differs}, 0)`,
    missingServed: `(isNull(${served}) AND isNotNull(${recomputed}))`,
    missingRecomputed: `(isNotNull(${served}) AND isNull(${recomputed}))`,
  };
}

/** Whether two numbers are the same up to a share of the larger one. */
export function areClose(a: string, b: string, tolerance: number): string {
  return `abs((${a}) - (${b})) <= ${quoteNumber(tolerance)} * greatest(abs(${a}), abs(${b}))`;
}
