import type { ReferenceRisk } from "@tidemark/schema";
import { type HarmState, harmState, meanUpperBoundOf, RiskSequence, RowDependence } from "@tidemark/stats";

/** A window's mean loss over some of its rows. */
export interface LossSums {
  /** Null while no outcome is known. */
  readonly mean: number | null;
  readonly meanSquare: number;
  readonly rows: number;
  /** Effective number of the rows after weighting. */
  readonly effective: number;
}

/** What a mean loss is held against. */
export interface HarmLine {
  readonly reference: Pick<ReferenceRisk, "rows" | "mean" | "meanSquare" | "rowsPerIndependent">;
  /** In the unit of the loss. */
  readonly tolerance: number;
  /** Losses lie within [0, cap]. */
  readonly cap: number;
}

/** The verdict on some rows as it stands. */
export interface HarmSeriesVerdict {
  readonly state: HarmState;
  /** The stretch of windows whose loss is proved to be highest: its mean loss with any-time bounds; null before any. */
  readonly risk: {
    readonly sinceMs: number;
    readonly mean: number;
    readonly lower: number;
    readonly upper: number;
  } | null;
  readonly line: HarmLine;
  /** Upper bound of the reference's mean loss; infinite with fewer than two independent rows. */
  readonly referenceUpper: number;
  /** Probability that the verdict is ever wrong. */
  readonly alpha: number;
  readonly rows: number;
  /** Independent rows that they count as. */
  readonly effective: number;
  readonly rowsPerIndependent: number | null;
}

/** A new sequence begins so often: what creeps in is diluted by the past in the older ones. */
const RESTART_MS = 28 * 86_400_000;

/**
 * Whether a mean loss is proved to exceed a reference's by more than a tolerance, at the end of every window; may be looked at
 * any time. A window of n rows counts as n / V independent ones, and so do the reference's, V the larger of what the windows
 * before it and the reference show: a month of days teaches little of luck that lasts for a week. The first nine windows are
 * spent on learning it.
 *
 * A sequence begins every four weeks, the k-th at level alpha / (k (k + 1)), so that all together hold with 1 - alpha; the
 * verdict is that of whichever proves most. Half of alpha is the reference's, half the sequences'.
 *
 * Source: A. Podkopaev, A. Ramdas, ICLR (2022), arXiv:2110.06177.
 */
export class HarmSeries {
  readonly #line: HarmLine;
  readonly #alpha: number;
  #dependence = new RowDependence();
  #runs: Run[] = [];
  #firstMs: number | null = null;
  #rows = 0;
  #effective = 0;
  #perIndependent: number | null = null;
  #isBegun = false;

  /** @param alpha probability that the verdict is ever wrong, in (0, 1). */
  constructor(line: HarmLine, alpha: number) {
    this.#line = line;
    this.#alpha = alpha;
  }

  /** Whether any window had rows of it. */
  get isBegun(): boolean {
    return this.#isBegun;
  }

  /** Adds a window that starts at `startMs`; windows come in order of time, those without a known outcome change nothing. */
  add(startMs: number, { mean, meanSquare, rows, effective }: LossSums): void {
    if (mean === null || !(effective > 0)) return;
    this.#isBegun = true;
    // The first windows only teach how much their rows depend on each other: what a bet rests on must be known before it.
    const own = this.#dependence.current();
    if (own !== null) {
      this.#perIndependent = Math.max(own, this.#line.reference.rowsPerIndependent ?? 1);
      this.#begin(startMs);
      const count = effective / this.#perIndependent;
      for (const run of this.#runs) {
        run.sequence.update({ count, mean, meanSquare });
        run.weight += effective;
        run.sum += effective * mean;
      }
      this.#rows += rows;
      this.#effective += count;
    }
    this.#dependence.update({ count: effective, mean, meanSquare });
  }

  verdict(): HarmSeriesVerdict {
    const risk = highest(this.#runs);
    const { tolerance, cap } = this.#line;
    const referenceUpper = upperBound(this.#line, this.#alpha, this.#perIndependent ?? 1);
    // Against such a reference nothing can ever be proved: that is no `ok`.
    const isVain = referenceUpper + tolerance >= cap;
    return {
      state:
        risk === null || isVain
          ? "insufficient_data"
          : harmState({ riskLower: risk.lower, referenceUpper, tolerance, count: this.#rows }),
      risk,
      line: this.#line,
      referenceUpper,
      alpha: this.#alpha,
      rows: this.#rows,
      effective: this.#effective,
      rowsPerIndependent: this.#perIndependent,
    };
  }

  /** The same once more, to go on from here in another way. */
  clone(): HarmSeries {
    const copy = new HarmSeries(this.#line, this.#alpha);
    copy.#dependence = this.#dependence.clone();
    copy.#runs = this.#runs.map((run) => ({ ...run, sequence: run.sequence.clone() }));
    copy.#firstMs = this.#firstMs;
    copy.#rows = this.#rows;
    copy.#effective = this.#effective;
    copy.#perIndependent = this.#perIndependent;
    copy.#isBegun = this.#isBegun;
    return copy;
  }

  #begin(startMs: number): void {
    this.#firstMs ??= startMs;
    while (startMs - this.#firstMs >= this.#runs.length * RESTART_MS) {
      const k = this.#runs.length + 1;
      const { reference, cap } = this.#line;
      const prior = { mean: reference.mean, variance: varianceOf(reference) };
      const sequence = new RiskSequence({ cap, prior, alpha: this.#alpha / (k * (k + 1)) });
      this.#runs.push({ sinceMs: startMs, sequence, weight: 0, sum: 0 });
    }
  }
}

interface Run {
  readonly sinceMs: number;
  readonly sequence: RiskSequence;
  weight: number;
  sum: number;
}

function highest(runs: readonly Run[]): HarmSeriesVerdict["risk"] {
  return runs
    .map(({ sinceMs, sequence, weight, sum }) => ({ sinceMs, mean: sum / weight, ...sequence.interval() }))
    .reduce<HarmSeriesVerdict["risk"]>((best, next) => (best === null || next.lower > best.lower ? next : best), null);
}

/**
 * What the reference's loss is proved to be at most, with probability 1 - alpha / 2.
 *
 * @param perIndependent rows that count as one, at least as many as the reference itself shows.
 */
export function upperBound({ reference, cap }: HarmLine, alpha: number, perIndependent: number): number {
  const { rows, mean, rowsPerIndependent } = reference;
  const count = rows / Math.max(perIndependent, rowsPerIndependent ?? 1);
  if (count < 2) return Number.POSITIVE_INFINITY;
  return meanUpperBoundOf({ count, mean, variance: varianceOf(reference) }, { alpha: alpha / 2, rangeWidth: cap });
}

function varianceOf({ mean, meanSquare }: HarmLine["reference"]): number {
  return Math.max(0, meanSquare - mean ** 2);
}
