import type { Alternatives } from "./alternatives.ts";
import { clusterExponents } from "./cluster-exponents.ts";
import { LearnedAlternatives, type LearnedAlternativesState, MEMORY_ROWS } from "./learned-alternatives.ts";
import type { LearnedBaseline } from "./learned-baseline.ts";
import type { Exponents } from "./log-evidence.ts";

/** Shiryaev-Roberts statistics by alternative, of the two omnibus halves, and the recent counts these learn from. */
export interface EvidenceRecursionState extends LearnedAlternativesState {
  readonly alternatives: readonly number[];
  readonly omnibus: readonly number[];
}

export interface EvidenceOptions {
  /** A. */
  readonly alarmLine: number;
  readonly exponents: Exponents;
  /** Alternatives closer to the reference than so many nats a row gather no evidence. */
  readonly leastDivergence: number;
  /** Whether the rows are of several slots, each with a reference of its own. */
  readonly hasSlots: boolean;
}

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
  readonly #learned: LearnedAlternatives;
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
    this.#learned = new LearnedAlternatives(binCount, hasSlots, state);
    this.#logRatios = new Float64Array(count);
  }

  /** The weighted sum of all statistics: at least A means an alarm. */
  total(): number {
    let total = 0;
    for (let m = 0; m < this.#weights.length; m++) total += this.#weights[m]! * this.#alternatives[m]!;
    return total + this.#omnibusWeight * (this.#omnibus[0]! + this.#omnibus[1]!);
  }

  /** Takes the counts of one step in a slot, judged by its baseline, which has not learned them yet. */
  step(
    counts: Float64Array,
    rows: number,
    { slot, baseline }: { readonly slot: number; readonly baseline: LearnedBaseline },
    variance: readonly [number, number],
  ): void {
    const inflations = [variance[0], variance[1], Math.max(variance[0], variance[1])] as const;
    const factors = this.#exponents === "clusters" ? clusterExponents(baseline.reference, variance) : null;
    const { count, groups } = baseline.reference.alternatives;
    const own = rows / baseline.total;
    const divisor = (m: number) => inflations[groups[m] ?? 2]! * (factors?.[m] ?? 1) + own;
    this.#stepAlternatives(counts, rows, baseline, divisor);
    // The memory is of independent rows: one shorter than a level lasts would bet on the level, and win.
    const inflation = this.#exponents === "clusters" ? inflations[2] : 1;
    this.#learned.enter(slot, inflation);
    for (let half = 0; half < MEMORY_ROWS.length; half++) {
      const isConstant = isNearlyConstant(baseline, this.#leastDivergence);
      const logRatio = isConstant ? 0 : this.#learned.logRatio(half, counts, rows, baseline) / divisor(count);
      const next = (this.#omnibus[half]! + 1) * Math.exp(Math.min(MAX_LOG_RATIO, logRatio));
      this.#omnibus[half] = Math.min(this.#omnibusCap, next);
    }
    this.#learned.learn(counts, rows, baseline, inflation);
  }

  snapshot(): EvidenceRecursionState {
    return {
      alternatives: Array.from(this.#alternatives),
      omnibus: Array.from(this.#omnibus),
      ...this.#learned.snapshot(),
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
}

/**
 * Rows of nearly one value differ from a baseline that has smoothed them by the smoothing alone, the more certainly the more
 * there are: what makes that value still more frequent is no news.
 */
function isNearlyConstant({ reference }: LearnedBaseline, leastDivergence: number): boolean {
  return 1 - reference.largestProbability < CONSTANT_REACH * leastDivergence;
}
