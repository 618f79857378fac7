import type { Alternatives } from "./alternatives.ts";
import type { LearnedBaseline } from "./learned-baseline.ts";

/** Shiryaev-Roberts statistics by alternative, of the two omnibus halves, and the recent counts these learn from. */
export interface EvidenceRecursionState {
  readonly alternatives: readonly number[];
  readonly omnibus: readonly number[];
  readonly recentCounts: readonly (readonly number[])[];
}

/** Rows that the two learned alternatives remember. */
const MEMORY_ROWS = [200, 2000] as const;
/** Rows of the baseline mixed into a learned alternative. */
const BASELINE_ROWS = 20;
/** No statistic exceeds this many times its own alarm line, which bounds the recovery after an alarm. */
const CAP = 10;
const MAX_LOG_RATIO = 700;

/** R <- (R + 1) L for every alternative and for two alternatives learned from the recent past (DETECTION 4). */
export class EvidenceRecursion {
  readonly #weights: Float64Array;
  readonly #omnibusWeight: number;
  readonly #caps: Float64Array;
  readonly #omnibusCap: number;
  readonly #alternatives: Float64Array;
  readonly #omnibus: Float64Array;
  readonly #recentCounts: readonly Float64Array[];
  readonly #logRatios: Float64Array;

  constructor(
    { count, weights, omnibusWeight }: Alternatives,
    binCount: number,
    alarmLine: number,
    state?: EvidenceRecursionState,
  ) {
    this.#weights = weights;
    this.#omnibusWeight = omnibusWeight / MEMORY_ROWS.length;
    this.#caps = weights.map((weight) => (CAP * alarmLine) / weight);
    this.#omnibusCap = (CAP * alarmLine) / this.#omnibusWeight;
    this.#alternatives = Float64Array.from(state?.alternatives ?? new Float64Array(count));
    this.#omnibus = Float64Array.from(state?.omnibus ?? new Float64Array(MEMORY_ROWS.length));
    this.#recentCounts = MEMORY_ROWS.map((_, half) =>
      Float64Array.from(state?.recentCounts[half] ?? new Float64Array(binCount)),
    );
    this.#logRatios = new Float64Array(count);
  }

  /** The weighted sum of all statistics: at least A means an alarm. */
  total(): number {
    let total = 0;
    for (let m = 0; m < this.#weights.length; m++) total += this.#weights[m]! * this.#alternatives[m]!;
    return total + this.#omnibusWeight * (this.#omnibus[0]! + this.#omnibus[1]!);
  }

  /** Takes the counts of one step, judged by a baseline that has not learned them yet. */
  step(counts: Float64Array, rows: number, baseline: LearnedBaseline, variance: readonly [number, number]): void {
    const own = rows / baseline.total;
    const divisors = [variance[0] + own, variance[1] + own, Math.max(variance[0], variance[1]) + own] as const;
    this.#stepAlternatives(counts, rows, baseline, divisors);
    for (let half = 0; half < MEMORY_ROWS.length; half++) {
      this.#stepOmnibus(half, counts, rows, baseline, divisors[2]);
    }
  }

  snapshot(): EvidenceRecursionState {
    return {
      alternatives: Array.from(this.#alternatives),
      omnibus: Array.from(this.#omnibus),
      recentCounts: this.#recentCounts.map((counts) => Array.from(counts)),
    };
  }

  #stepAlternatives(counts: Float64Array, rows: number, baseline: LearnedBaseline, divisors: readonly number[]): void {
    const { count, logRatios, groups } = baseline.reference.alternatives;
    const sums = this.#logRatios.fill(0);
    for (let bin = 0; bin < counts.length; bin++) {
      const c = counts[bin]!;
      if (c === 0) continue;
      const offset = bin * count;
      for (let m = 0; m < count; m++) sums[m]! += c * logRatios[offset + m]!;
    }
    const logMeans = baseline.logMeans();
    for (let m = 0; m < count; m++) {
      const logRatio = (sums[m]! - rows * logMeans[m]!) / divisors[groups[m]!]!;
      const next = (this.#alternatives[m]! + 1) * Math.exp(Math.min(MAX_LOG_RATIO, logRatio));
      this.#alternatives[m] = Math.min(this.#caps[m]!, next);
    }
  }

  #stepOmnibus(half: number, counts: Float64Array, rows: number, baseline: LearnedBaseline, divisor: number): void {
    const recent = this.#recentCounts[half]!;
    const memory = MEMORY_ROWS[half]!;
    const recentRows = recent.reduce((sum, count) => sum + count, 0);
    const kept = (1 - 1 / memory) ** rows;
    const added = ((1 - kept) * memory) / rows;
    let logRatio = 0;
    for (let bin = 0; bin < counts.length; bin++) {
      const c = counts[bin]!;
      if (c > 0) {
        const p = baseline.probability(bin);
        logRatio += c * Math.log((BASELINE_ROWS * p + recent[bin]!) / (BASELINE_ROWS + recentRows) / p);
      }
      recent[bin] = kept * recent[bin]! + c * added;
    }
    const next = (this.#omnibus[half]! + 1) * Math.exp(Math.min(MAX_LOG_RATIO, logRatio / divisor));
    this.#omnibus[half] = Math.min(this.#omnibusCap, next);
  }
}
