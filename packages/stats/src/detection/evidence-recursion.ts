import type { Alternatives } from "./alternatives.ts";
import { clusterExponents } from "./cluster-exponents.ts";
import type { LearnedBaseline } from "./learned-baseline.ts";
import type { Exponents } from "./log-evidence.ts";

/** Shiryaev-Roberts statistics by alternative, of the two omnibus halves, and the recent counts these learn from. */
export interface EvidenceRecursionState {
  readonly alternatives: readonly number[];
  readonly omnibus: readonly number[];
  readonly recentCounts: readonly (readonly number[])[];
  /** What the baselines expected of the same rows; only where there are several slots. */
  readonly expectedCounts?: readonly (readonly number[])[];
}

export interface EvidenceOptions {
  /** A. */
  readonly alarmLine: number;
  readonly exponents: Exponents;
  /** Alternatives closer to the reference than so many nats a row gather no evidence. */
  readonly leastDivergence: number;
  /**
   * Whether the learned alternatives are learned as deviations from the baseline of each row's own slot. Without it an
   * alternative learned in other slots knows the shape common to all better than a small slot's own reference does, and wins
   * by the errors of every slot in turn: every one of 100 features was critical within a week.
   */
  readonly hasSlots: boolean;
}

/** Rows that the two learned alternatives remember. */
const MEMORY_ROWS = [200, 2000] as const;
/** Rows of the baseline mixed into a learned alternative. */
const BASELINE_ROWS = 20;
/** No statistic exceeds this many times its own alarm line, which bounds the recovery after an alarm. */
const CAP = 10;
const MAX_LOG_RATIO = 700;
/** A slot with a share below so many times the least divergence outside one bin holds nearly one value. */
const CONSTANT_REACH = 5;

/** R <- (R + 1) L for every alternative and for two alternatives learned from the recent past (DETECTION 4). */
export class EvidenceRecursion {
  readonly #weights: Float64Array;
  readonly #omnibusWeight: number;
  readonly #caps: Float64Array;
  readonly #omnibusCap: number;
  readonly #alternatives: Float64Array;
  readonly #omnibus: Float64Array;
  readonly #recentCounts: readonly Float64Array[];
  readonly #expectedCounts: readonly Float64Array[] | null;
  readonly #logRatios: Float64Array;
  readonly #shapes: number;
  readonly #binCount: number;
  readonly #exponents: Exponents;
  readonly #leastDivergence: number;

  /** @param alternatives those of the reference with most bins, and its number of bins. */
  constructor(
    { count, shapes, weights, omnibusWeight }: Alternatives,
    binCount: number,
    { alarmLine, exponents, leastDivergence, hasSlots }: EvidenceOptions,
    state?: EvidenceRecursionState,
  ) {
    this.#shapes = shapes;
    this.#binCount = binCount;
    this.#exponents = exponents;
    this.#leastDivergence = leastDivergence;
    this.#weights = weights;
    this.#omnibusWeight = omnibusWeight / MEMORY_ROWS.length;
    this.#caps = weights.map((weight) => (CAP * alarmLine) / weight);
    this.#omnibusCap = (CAP * alarmLine) / this.#omnibusWeight;
    this.#alternatives = Float64Array.from(state?.alternatives ?? new Float64Array(count));
    this.#omnibus = Float64Array.from(state?.omnibus ?? new Float64Array(MEMORY_ROWS.length));
    this.#recentCounts = MEMORY_ROWS.map((_, half) =>
      Float64Array.from(state?.recentCounts[half] ?? new Float64Array(binCount)),
    );
    // A state from before slots had expectations is taken as one that expected what came: it has nothing to bet on.
    this.#expectedCounts = hasSlots
      ? this.#recentCounts.map((recent, half) => Float64Array.from(state?.expectedCounts?.[half] ?? recent))
      : null;
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
    const inflations = [variance[0], variance[1], Math.max(variance[0], variance[1])] as const;
    const factors = this.#exponents === "clusters" ? clusterExponents(baseline.reference, variance) : null;
    const { count, groups } = baseline.reference.alternatives;
    const own = rows / baseline.total;
    const divisor = (m: number) => inflations[groups[m] ?? 2]! * (factors?.[m] ?? 1) + own;
    this.#stepAlternatives(counts, rows, baseline, divisor);
    for (let half = 0; half < MEMORY_ROWS.length; half++) {
      this.#stepOmnibus(half, counts, rows, baseline, { divisor: divisor(count), inflation: inflations[2] });
    }
  }

  snapshot(): EvidenceRecursionState {
    return {
      alternatives: Array.from(this.#alternatives),
      omnibus: Array.from(this.#omnibus),
      recentCounts: this.#recentCounts.map((counts) => Array.from(counts)),
      ...(this.#expectedCounts && { expectedCounts: this.#expectedCounts.map((counts) => Array.from(counts)) }),
    };
  }

  #stepAlternatives(
    counts: Float64Array,
    rows: number,
    baseline: LearnedBaseline,
    divisor: (m: number) => number,
  ): void {
    const { count, logRatios, divergences } = baseline.reference.alternatives;
    const bins = baseline.reference.binCount;
    const least = (isNearlyConstant(baseline, this.#leastDivergence) ? CONSTANT_REACH : 1) * this.#leastDivergence;
    const sums = this.#logRatios.fill(0, 0, count);
    for (let bin = 0; bin < counts.length; bin++) {
      const c = counts[bin]!;
      if (c === 0) continue;
      const offset = bin * count;
      for (let m = 0; m < count; m++) sums[m]! += c * logRatios[offset + m]!;
    }
    const logMeans = baseline.logMeans();
    const advance = (to: number, m: number) => {
      const isWatched = divergences[m]! >= least;
      const logRatio = isWatched ? (sums[m]! - rows * logMeans[m]!) / divisor(m) : 0;
      const next = (this.#alternatives[to]! + 1) * Math.exp(Math.min(MAX_LOG_RATIO, logRatio));
      this.#alternatives[to] = Math.min(this.#caps[to]!, next);
    };
    for (let m = 0; m < this.#shapes; m++) advance(m, m);
    for (let from = this.#shapes, to = this.#shapes; from < count; from += bins, to += this.#binCount) {
      for (let bin = 0; bin < bins; bin++) advance(to + bin, from + bin);
      // What this slot has no bin for it says nothing about: a likelihood ratio of 1.
      for (let m = to + bins; m < to + this.#binCount; m++) {
        this.#alternatives[m] = Math.min(this.#caps[m]!, this.#alternatives[m]! + 1);
      }
    }
  }

  #stepOmnibus(
    half: number,
    counts: Float64Array,
    rows: number,
    baseline: LearnedBaseline,
    { divisor, inflation }: { readonly divisor: number; readonly inflation: number },
  ): void {
    const recent = this.#recentCounts[half]!;
    const memory = MEMORY_ROWS[half]!;
    const recentRows = recent.reduce((sum, count) => sum + count, 0);
    // Its memory is of independent rows: one shorter than a level lasts would bet on the level, and win.
    const independent = this.#exponents === "clusters" ? rows / inflation : rows;
    const kept = (1 - 1 / memory) ** independent;
    const added = ((1 - kept) * memory) / rows;
    const expected = this.#expectedCounts?.[half];
    let logRatio = 0;
    let mean = 0;
    for (let bin = 0; bin < counts.length; bin++) {
      const c = counts[bin]!;
      const p = baseline.probability(bin);
      const ratio =
        expected === undefined
          ? (BASELINE_ROWS * p + recent[bin]!) / (BASELINE_ROWS + recentRows) / p
          : (BASELINE_ROWS * p + recent[bin]!) / (BASELINE_ROWS * p + expected[bin]!);
      mean += p * ratio;
      if (c > 0) logRatio += c * Math.log(ratio);
      recent[bin] = kept * recent[bin]! + c * added;
      if (expected !== undefined) expected[bin] = kept * expected[bin]! + rows * p * added;
    }
    // Without slots the mean is 1 as it stands.
    if (expected !== undefined) logRatio -= rows * Math.log(mean);
    if (isNearlyConstant(baseline, this.#leastDivergence)) logRatio = 0;
    const next = (this.#omnibus[half]! + 1) * Math.exp(Math.min(MAX_LOG_RATIO, logRatio / divisor));
    this.#omnibus[half] = Math.min(this.#omnibusCap, next);
  }
}

/**
 * Rows of nearly one value differ from a baseline that has smoothed them by the smoothing alone, the more certainly the more
 * there are: what makes that value still more frequent is no news.
 */
function isNearlyConstant({ reference }: LearnedBaseline, leastDivergence: number): boolean {
  return 1 - reference.largestProbability < CONSTANT_REACH * leastDivergence;
}
