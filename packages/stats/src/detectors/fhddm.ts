import {
  type ChangeDetector,
  type ChangeVerdict,
  isCount,
  isInnerShare,
  requireError,
  requireOption,
} from "./change-detector.ts";

export interface FhddmOptions {
  /** Values in the sliding window. Default 100. */
  readonly windowSize?: number;
  /** Chance that Hoeffding's bound fails, in (0, 1). Default 1e-6. */
  readonly confidence?: number;
  /** Newest values that are watched on their own as well, fewer than `windowSize`; none by default. */
  readonly shortWindowSize?: number;
}

/**
 * FHDDM: says drift where the share of ones in a sliding window has fallen by more than sqrt(ln(1 / confidence) / (2 n)) below the
 * greatest share seen. Feed it 1 for right and 0 for wrong to be told of growing errors. It knows no warning.
 *
 * Source: A. Pesaranghader, H. L. Viktor, ECML PKDD 2016, doi:10.1007/978-3-319-46227-1_7.
 * @example new Fhddm().update(1) // { drift: false, warning: false }
 */
export class Fhddm implements ChangeDetector {
  readonly #windowSize: number;
  readonly #shortSize: number;
  readonly #bound: number;
  readonly #shortBound: number;
  #window: number[] = [];
  #greatest = 0;
  #shortGreatest = 0;
  #drifted = false;

  /** @throws RangeError naming the option out of its domain. */
  constructor({ windowSize = 100, confidence = 1e-6, shortWindowSize }: FhddmOptions = {}) {
    requireOption("windowSize", windowSize, isCount, "a whole number of at least 1");
    requireOption("confidence", confidence, isInnerShare, "in (0, 1)");
    const isShort = (value: number) => isCount(value) && value <= windowSize;
    requireOption("shortWindowSize", shortWindowSize ?? 1, isShort, "a whole number from 1 to windowSize");
    this.#windowSize = windowSize;
    this.#shortSize = shortWindowSize ?? 0;
    this.#bound = Math.sqrt(Math.log(1 / confidence) / (2 * windowSize));
    this.#shortBound = Math.sqrt(Math.log(1 / confidence) / (2 * this.#shortSize));
  }

  update(value: number): ChangeVerdict {
    requireError(value);
    if (this.#drifted) this.reset();
    this.#window.push(value);
    if (this.#window.length > this.#windowSize) this.#window.shift();
    if (this.#window.length < this.#windowSize) return { drift: false, warning: false };
    const share = shareOfOnes(this.#window);
    this.#greatest = Math.max(this.#greatest, share);
    this.#drifted = this.#greatest - share > this.#bound;
    if (this.#shortSize > 0) {
      const shortShare = shareOfOnes(this.#window.slice(-this.#shortSize));
      this.#shortGreatest = Math.max(this.#shortGreatest, shortShare);
      if (this.#shortGreatest - shortShare > this.#shortBound) this.#drifted = true;
    }
    return { drift: this.#drifted, warning: false };
  }

  reset(): void {
    this.#window = [];
    this.#greatest = 0;
    this.#shortGreatest = 0;
    this.#drifted = false;
  }
}

function shareOfOnes(window: readonly number[]): number {
  return window.reduce((sum, value) => sum + value, 0) / window.length;
}
