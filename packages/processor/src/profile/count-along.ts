import type { MultivariateProfile } from "@tidemark/schema";
import { noInflation, varianceInflation } from "./variance-inflation.ts";

/** Reference counts along one direction. */
export type CountedDirection = Pick<MultivariateProfile["errors"], "boundaries" | "counts" | "varianceInflation">;

/** Rows of a reference in the order of time, and which of them make its counts. */
export interface DirectionRows {
  /** Season slot by row, and hours since 1970. */
  readonly slots: Int32Array;
  readonly hours: Int32Array;
  /** Null without a season: then periods are not compared. */
  readonly slotCount: number | null;
  /** Rows that nothing was fitted on. */
  readonly isCounted: (row: number) => boolean;
  /** Whether the order is known. */
  readonly isOrdered: boolean;
}

/**
 * Counts of a reference along one direction, and how its rows depend on each other there.
 *
 * @param bins of every row, as the dependence of rows is that of neighbours; -1 for none.
 */
export function countAlong(
  boundaries: readonly number[],
  bins: ArrayLike<number>,
  { slots, hours, slotCount, isCounted, isOrdered }: DirectionRows,
): CountedDirection {
  const counts = new Array<number>(boundaries.length + 1).fill(0);
  for (let row = 0; row < bins.length; row++) if (bins[row]! >= 0 && isCounted(row)) counts[bins[row]!]! += 1;
  // What a season does to a direction's rows is out of them, so every slot has the same shares.
  const bySlot = slotCount === null ? null : Array.from({ length: slotCount }, () => counts);
  const inflation = isOrdered
    ? varianceInflation(
        { kind: "numeric", boundaries, counts, slots: bySlot },
        { bins: Int32Array.from(bins), slots, hours },
      )
    : noInflation(slotCount !== null);
  return { boundaries: [...boundaries], counts, varianceInflation: inflation };
}
