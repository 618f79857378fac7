import { ksTest } from "../tests/ks-test.ts";
import {
  type ChangeDetector,
  type ChangeVerdict,
  isCount,
  isInnerShare,
  requireFinite,
  requireOption,
} from "./change-detector.ts";
import { PythonRandom } from "./python-random.ts";

/** A difference of the distribution functions up to this is never a drift. */
const LEAST_STATISTIC = 0.1;

export interface KswinOptions {
  /** p-value at or below which it says drift, in (0, 1). Default 0.005: a false alarm each 200 checks of independent values. */
  readonly alpha?: number;
  /** Values in the sliding window. Default 100. */
  readonly windowSize?: number;
  /** Newest values, compared with as many drawn from the older ones; at most half the window. Default 30. */
  readonly statSize?: number;
  /** Seed of the draws. Default 1. */
  readonly seed?: number;
}

/**
 * KSWIN: compares the newest values of a sliding window with a random sample of its older ones by the exact Kolmogorov-Smirnov test.
 *
 * It finds any change of the distribution, not only of the mean, and repeats a test at every value: see `alpha`. After a
 * drift only the newest values are kept. It knows no warning.
 *
 * Source: C. Raab, M. Heusinger, F.-M. Schleif, Neurocomputing 416 (2020), doi:10.1016/j.neucom.2019.11.111.
 * @example new Kswin({ seed: 42 }).update(0.2) // { drift: false, warning: false }
 */
export class Kswin implements ChangeDetector {
  readonly #alpha: number;
  readonly #windowSize: number;
  readonly #statSize: number;
  readonly #seed: number;
  #random: PythonRandom;
  #window: number[] = [];
  #pValue: number | null = null;
  #drifted = false;

  /** @throws RangeError naming the option out of its domain. */
  constructor({ alpha = 0.005, windowSize = 100, statSize = 30, seed = 1 }: KswinOptions = {}) {
    requireOption("alpha", alpha, isInnerShare, "in (0, 1)");
    requireOption("windowSize", windowSize, isCount, "a whole number of at least 1");
    const isHalf = (value: number) => isCount(value) && 2 * value <= windowSize;
    requireOption("statSize", statSize, isHalf, "a whole number of at most half of windowSize");
    this.#alpha = alpha;
    this.#windowSize = windowSize;
    this.#statSize = statSize;
    this.#seed = seed;
    this.#random = new PythonRandom(seed);
  }

  update(value: number): ChangeVerdict {
    requireFinite(value);
    if (this.#drifted) this.reset();
    this.#window.push(value);
    if (this.#window.length > this.#windowSize) this.#window.shift();
    if (this.#window.length < this.#windowSize) return { drift: false, warning: false };
    const older = this.#windowSize - this.#statSize;
    const drawn = this.#random.sample(older, this.#statSize).map((at) => this.#window[at]!);
    const { statistic, pValue } = ksTest(drawn, this.#window.slice(older), { method: "exact" });
    this.#pValue = pValue;
    this.#drifted = pValue! <= this.#alpha && statistic > LEAST_STATISTIC;
    return { drift: this.#drifted, warning: false };
  }

  /** p-value of the last test; null before the first. */
  get pValue(): number | null {
    return this.#pValue;
  }

  reset(): void {
    this.#random = new PythonRandom(this.#seed);
    this.#window = [];
    this.#pValue = null;
    this.#drifted = false;
  }
}
