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
  /** The newest values, written round. */
  readonly #window: Uint8Array;
  #count = 0;
  #ones = 0;
  #shortOnes = 0;
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
    this.#window = new Uint8Array(windowSize);
    this.#shortSize = shortWindowSize ?? 0;
    this.#bound = Math.sqrt(Math.log(1 / confidence) / (2 * windowSize));
    this.#shortBound = Math.sqrt(Math.log(1 / confidence) / (2 * this.#shortSize));
  }

  update(value: number): ChangeVerdict {
    requireError(value);
    if (this.#drifted) this.reset();
    this.#slide(value);
    if (this.#count < this.#windowSize) return { drift: false, warning: false };
    const share = this.#ones / this.#windowSize;
    this.#greatest = Math.max(this.#greatest, share);
    this.#drifted = this.#greatest - share > this.#bound;
    if (this.#shortSize > 0) {
      const shortShare = this.#shortOnes / this.#shortSize;
      this.#shortGreatest = Math.max(this.#shortGreatest, shortShare);
      if (this.#shortGreatest - shortShare > this.#shortBound) this.#drifted = true;
    }
    return { drift: this.#drifted, warning: false };
  }

  reset(): void {
    this.#window.fill(0);
    this.#count = 0;
    this.#ones = 0;
    this.#shortOnes = 0;
    this.#greatest = 0;
    this.#shortGreatest = 0;
    this.#drifted = false;
  }

  #slide(value: number): void {
    const size = this.#windowSize;
    const at = this.#count % size;
    this.#ones += value - this.#window[at]!;
    // Of the short window the value that is shortSize older leaves; before there are as many it is a 0.
    const leaving = this.#shortSize === size ? this.#window[at]! : this.#window[(at + size - this.#shortSize) % size]!;
    this.#shortOnes += value - (this.#shortSize > 0 && this.#count >= this.#shortSize ? leaving : 0);
    this.#window[at] = value;
    this.#count += 1;
  }
}
