import type { LearnedBaseline } from "./learned-baseline.ts";

/** Counts of the recent past by half; with slots also what the baselines expected, and the slot that is being looked at. */
export interface LearnedAlternativesState {
  readonly recentCounts: readonly (readonly number[])[];
  readonly expectedCounts?: readonly (readonly number[])[];
  readonly visit?: SlotVisit;
}

/** Rows of one slot since it was last entered. */
interface SlotVisit {
  readonly slot: number;
  readonly rows: number;
  readonly observed: readonly number[];
  readonly expected: readonly number[];
}

/** Rows that each of the learned alternatives remembers. */
export const MEMORY_ROWS = [200, 2000] as const;
/** Rows of the baseline mixed into a learned alternative. */
const BASELINE_ROWS = 20;

/**
 * Alternatives learned from the recent past: what came more often than expected will go on doing so.
 *
 *     r_b = (20 p_b + recent_b) / (20 p_b + expected_b), divided by its mean under the baseline p
 *
 * With several slots the recent rows are those of other slots than the one judged, each beside its own baseline. What a slot's
 * own rows teach beyond its small reference is that reference's error, and a shape common to all slots is known better by
 * all than by one: betting on either made every one of 100 features critical within a week.
 */
export class LearnedAlternatives {
  readonly #recent: readonly Float64Array[];
  /** Null without slots: the baseline is then the same, and expected_b = p_b times the recent rows. */
  readonly #expected: readonly Float64Array[] | null;
  readonly #observedInVisit: Float64Array;
  readonly #expectedInVisit: Float64Array;
  #visitSlot: number;
  #visitRows: number;

  constructor(binCount: number, hasSlots: boolean, state?: LearnedAlternativesState) {
    const empty = new Float64Array(binCount);
    this.#recent = MEMORY_ROWS.map((_, half) => Float64Array.from(state?.recentCounts[half] ?? empty));
    // A state from before expectations were kept expects what came: it has nothing to bet on.
    this.#expected = hasSlots
      ? this.#recent.map((recent, half) => Float64Array.from(state?.expectedCounts?.[half] ?? recent))
      : null;
    this.#observedInVisit = Float64Array.from(state?.visit?.observed ?? empty);
    this.#expectedInVisit = Float64Array.from(state?.visit?.expected ?? empty);
    this.#visitSlot = state?.visit?.slot ?? 0;
    this.#visitRows = state?.visit?.rows ?? 0;
  }

  /** ln of the likelihood ratio of some rows, by the past alone. */
  logRatio(half: number, counts: Float64Array, rows: number, baseline: LearnedBaseline): number {
    const recent = this.#recent[half]!;
    const expected = this.#expected?.[half];
    const recentRows = recent.reduce((sum, count) => sum + count, 0);
    let logRatio = 0;
    let mean = 0;
    for (let bin = 0; bin < counts.length; bin++) {
      const p = baseline.probability(bin);
      const ratio =
        expected === undefined
          ? (BASELINE_ROWS * p + recent[bin]!) / (BASELINE_ROWS + recentRows) / p
          : (BASELINE_ROWS * p + recent[bin]!) / (BASELINE_ROWS * p + expected[bin]!);
      mean += p * ratio;
      if (counts[bin]! > 0) logRatio += counts[bin]! * Math.log(ratio);
    }
    // Without slots the mean is 1 as it stands.
    return expected === undefined ? logRatio : logRatio - rows * Math.log(mean);
  }

  /** To be called before a step that judges a slot. @param inflation rows that count as one independent one. */
  enter(slot: number, inflation: number): void {
    if (this.#expected === null || slot === this.#visitSlot) return;
    if (this.#visitRows > 0) {
      this.#remember(this.#recent, this.#observedInVisit, this.#visitRows, inflation);
      this.#remember(this.#expected, this.#expectedInVisit, this.#visitRows, inflation);
    }
    this.#observedInVisit.fill(0);
    this.#expectedInVisit.fill(0);
    this.#visitRows = 0;
    this.#visitSlot = slot;
  }

  /** Takes in rows that have been judged, before the baseline does. @param inflation as of `enter`. */
  learn(counts: Float64Array, rows: number, baseline: LearnedBaseline, inflation: number): void {
    if (this.#expected === null) {
      this.#remember(this.#recent, counts, rows, inflation);
      return;
    }
    for (let bin = 0; bin < counts.length; bin++) {
      this.#observedInVisit[bin]! += counts[bin]!;
      this.#expectedInVisit[bin]! += rows * baseline.probability(bin);
    }
    this.#visitRows += rows;
  }

  snapshot(): LearnedAlternativesState {
    const recentCounts = this.#recent.map((counts) => Array.from(counts));
    if (this.#expected === null) return { recentCounts };
    return {
      recentCounts,
      expectedCounts: this.#expected.map((counts) => Array.from(counts)),
      visit: {
        slot: this.#visitSlot,
        rows: this.#visitRows,
        observed: Array.from(this.#observedInVisit),
        expected: Array.from(this.#expectedInVisit),
      },
    };
  }

  #remember(memories: readonly Float64Array[], counts: Float64Array, rows: number, inflation: number): void {
    memories.forEach((memory, half) => {
      const kept = (1 - 1 / MEMORY_ROWS[half]!) ** (rows / inflation);
      const added = ((1 - kept) * MEMORY_ROWS[half]!) / rows;
      for (let bin = 0; bin < counts.length; bin++) memory[bin] = kept * memory[bin]! + counts[bin]! * added;
    });
  }
}
