import { BlockLength } from "./block-length.ts";
import { type ComparisonVerdict, comparisonVerdict } from "./comparison-verdict.ts";
import { type EmpiricalBernsteinOptions, EmpiricalBernsteinSequence } from "./empirical-bernstein-sequence.ts";
import type { MeanInterval } from "./mean-interval.ts";

export interface PairedComparisonOptions {
  /** Smallest and largest difference of two losses, fixed before the first pair; the caller cuts differences to it. */
  readonly range: readonly [number, number];
  /** Differences smaller than this are no difference, in the unit of the loss. Default 0: never called equivalent. */
  readonly equivalenceMargin?: number;
  /** Pairs below which nothing is said. Default 500. */
  readonly minPairs?: number;
  /** Probability of a wrong verdict, ever. Default 0.05. */
  readonly alpha?: number;
}

/** Consecutive pairs of the same requests, such as those of a minute. */
export interface PairStretch {
  readonly pairs: number;
  /** Sum of loss(challenger) - loss(champion). */
  readonly sum: number;
  /** Whether a decision may fall now; false during the first day, say, while a daily cycle is not yet complete. Default true. */
  readonly mayDecide?: boolean;
}

export interface ComparisonState extends MeanInterval {
  readonly pairs: number;
  /** Mean difference over all pairs; NaN before the first. */
  readonly difference: number;
  readonly verdict: ComparisonVerdict;
  /** Pairs when the verdict fell; null while there is none. */
  readonly decidedAtPairs: number | null;
  /** Rows that a block has now; null while rows are too few or too dependent to tell. */
  readonly blockPairs: number | null;
  /** Block means that the interval rests on. */
  readonly blocks: number;
}

/**
 * Champion against challenger on the same requests, with a verdict that may be asked after every pair.
 *
 * An empirical-Bernstein confidence sequence over the means of blocks of the paired difference. Blocks are as long as the
 * dependence of neighbouring rows asks for (`BlockLength`), never below 30 rows; until that is known nothing enters the sequence.
 * The first decision stands. It is about the mean of the differences as cut to `range`; where the mean moves with time, about
 * the weighted running mean.
 *
 * @throws RangeError naming the option out of its domain.
 * @example
 * const comparison = new PairedComparison({ range: [-1, 1] });
 * comparison.update({ pairs: 60, sum: -3 }).verdict; // "insufficient_data"
 */
export class PairedComparison {
  readonly #options: PairedComparisonOptions;
  #sequence: EmpiricalBernsteinSequence;
  #length = new BlockLength();
  readonly #rule: { readonly equivalenceMargin: number; readonly minCount: number };
  #pairs = 0;
  #sum = 0;
  #blockCount = 0;
  #blockSum = 0;
  /** The length of the block in work, which was chosen before its first row. */
  #target: number | null = null;
  #decided: { readonly verdict: ComparisonVerdict; readonly atPairs: number } | null = null;

  constructor(options: PairedComparisonOptions) {
    const { equivalenceMargin = 0, minPairs = 500 } = options;
    this.#options = options;
    this.#sequence = new EmpiricalBernsteinSequence(sequenceOptions(options));
    this.#rule = { equivalenceMargin, minCount: minPairs };
  }

  /** @throws RangeError where the sum is not finite or pairs is no positive integer. */
  update({ pairs, sum, mayDecide = true }: PairStretch): ComparisonState {
    if (!(Number.isSafeInteger(pairs) && pairs > 0))
      throw new RangeError(`pairs is ${pairs}; expected a positive integer`);
    if (!Number.isFinite(sum)) throw new RangeError(`sum is ${sum}; expected a finite number`);
    this.#pairs += pairs;
    this.#sum += sum;
    if (this.#target !== null) {
      this.#blockCount += pairs;
      this.#blockSum += sum;
      if (this.#blockCount >= this.#target) {
        this.#sequence.update(this.#blockSum / this.#blockCount);
        this.#target = null;
      }
    }
    this.#length.update(pairs, sum);
    if (this.#target === null) {
      this.#target = this.#length.current();
      this.#blockCount = 0;
      this.#blockSum = 0;
    }
    if (this.#decided === null && mayDecide) {
      const verdict = this.#verdict();
      if (isDecision(verdict)) this.#decided = { verdict, atPairs: this.#pairs };
    }
    return this.state();
  }

  /** Another comparison that has seen the same pairs: both go on, to the bit, as one that saw them all. */
  copy(): PairedComparison {
    const copy = new PairedComparison(this.#options);
    copy.#sequence = new EmpiricalBernsteinSequence(sequenceOptions(this.#options), this.#sequence.state());
    copy.#length = this.#length.copy();
    copy.#pairs = this.#pairs;
    copy.#sum = this.#sum;
    copy.#blockCount = this.#blockCount;
    copy.#blockSum = this.#blockSum;
    copy.#target = this.#target;
    copy.#decided = this.#decided;
    return copy;
  }

  state(): ComparisonState {
    return {
      ...this.#sequence.interval(),
      pairs: this.#pairs,
      difference: this.#sum / this.#pairs,
      verdict: this.#decided?.verdict ?? undecided(this.#verdict()),
      decidedAtPairs: this.#decided?.atPairs ?? null,
      blockPairs: this.#length.current(),
      blocks: this.#sequence.state().count,
    };
  }

  #verdict(): ComparisonVerdict {
    if (this.#sequence.state().count === 0) return "insufficient_data";
    return comparisonVerdict(this.#sequence.interval(), this.#pairs, this.#rule);
  }
}

function sequenceOptions({ range, alpha }: PairedComparisonOptions): EmpiricalBernsteinOptions {
  return { range, intersect: false, ...(alpha === undefined ? {} : { alpha }) };
}

function isDecision(verdict: ComparisonVerdict): boolean {
  return verdict !== "insufficient_data" && verdict !== "undecided";
}

/** A decision that may not fall yet. */
function undecided(verdict: ComparisonVerdict): ComparisonVerdict {
  return isDecision(verdict) ? "undecided" : verdict;
}
