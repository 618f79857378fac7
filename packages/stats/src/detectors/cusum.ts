import {
  type ChangeDetector,
  type ChangeDirection,
  type ChangeVerdict,
  isCount,
  requireFinite,
  requireOption,
} from "./change-detector.ts";

export interface CusumDetectorOptions {
  /** Values before the first verdict. Default 30. */
  readonly minInstances?: number;
  /** Deviation that is tolerated, in the unit of the values: half the shift worth finding. Default 0.005. */
  readonly delta?: number;
  /** Cumulated deviation that is a drift, in the unit of the values. Default 50. */
  readonly threshold?: number;
  /** Mean of the stable process where it is known; the running mean of all values where it is not. */
  readonly target?: number;
  /** Which changes of the mean count. Default both. */
  readonly mode?: ChangeDirection;
}

/**
 * CUSUM, the cumulative sum of deviations from the mean that is never below zero.
 *
 * For rises g_t = max(0, g_(t-1) + x - mean - delta), for falls with the sign of x - mean turned; drift where g_t > threshold.
 * With a known target and standard deviation s, delta = 0.5 s and threshold = 5 s give one false alarm in about 465 values.
 *
 * Source: E. S. Page, Biometrika 41 (1954), doi:10.1093/biomet/41.1-2.100.
 * @example new Cusum({ target: 0, delta: 0.5, threshold: 5 }).update(6) // drift only from the 30th value on
 */
export class Cusum implements ChangeDetector {
  readonly #minInstances: number;
  readonly #delta: number;
  readonly #threshold: number;
  readonly #target: number | undefined;
  readonly #mode: ChangeDirection;
  /** Values seen, their mean, sum of rises, sum of falls: in a typed array, so that no number is boxed. */
  readonly #sums = new Float64Array(4);
  #drifted = false;

  /** @throws RangeError naming the option out of its domain. */
  constructor({ minInstances = 30, delta = 0.005, threshold = 50, target, mode = "both" }: CusumDetectorOptions = {}) {
    requireOption("minInstances", minInstances, isCount, "a whole number of at least 1");
    requireOption("delta", delta, (value) => value >= 0, "at least 0");
    requireOption("threshold", threshold, (value) => value > 0, "above 0");
    if (target !== undefined) requireOption("target", target, Number.isFinite, "a finite number");
    this.#minInstances = minInstances;
    this.#delta = delta;
    this.#threshold = threshold;
    this.#target = target;
    this.#mode = mode;
  }

  update(value: number): ChangeVerdict {
    requireFinite(value);
    if (this.#drifted) this.reset();
    const sums = this.#sums;
    const count = sums[0]! + 1;
    const mean = sums[1]! + (value - sums[1]!) / count;
    const deviation = value - (this.#target ?? mean);
    const rise = Math.max(0, sums[2]! + deviation - this.#delta);
    const fall = Math.max(0, sums[3]! - deviation - this.#delta);
    sums[0] = count;
    sums[1] = mean;
    sums[2] = rise;
    sums[3] = fall;
    const rose = this.#mode !== "down" && rise > this.#threshold;
    const fell = this.#mode !== "up" && fall > this.#threshold;
    this.#drifted = count >= this.#minInstances && (rose || fell);
    return { drift: this.#drifted, warning: false };
  }

  reset(): void {
    this.#sums.fill(0);
    this.#drifted = false;
  }
}
