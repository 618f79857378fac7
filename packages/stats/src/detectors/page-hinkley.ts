import {
  type ChangeDetector,
  type ChangeDirection,
  type ChangeVerdict,
  isCount,
  requireFinite,
  requireOption,
} from "./change-detector.ts";
import { RunningMean } from "./running-mean.ts";

export interface PageHinkleyOptions {
  /** Values before the first verdict. Default 30. */
  readonly minInstances?: number;
  /** Change of the mean that is tolerated, in the unit of the values. Default 0.005. */
  readonly delta?: number;
  /** Cumulated deviation that is a drift, in the unit of the values. Default 50. */
  readonly threshold?: number;
  /** Factor by which the cumulated deviation fades a value, in (0, 1]. Default 0.9999. */
  readonly alpha?: number;
  /** Which changes of the mean count. Default both. */
  readonly mode?: ChangeDirection;
  /**
   * What the cumulated deviation is compared with: its own least (greatest) value so far, as the authors have it (default), or zero, as
   * frouros has it, which is slower to find a change after long stable values.
   */
  readonly from?: "extreme" | "zero";
}

/** What Page-Hinkley has cumulated, for a picture or a check. */
export interface PageHinkleyState {
  readonly sumIncrease: number;
  readonly sumDecrease: number;
  readonly mean: number;
}

/**
 * Page-Hinkley test of a change of the mean.
 *
 * For rises m_t = alpha m_(t-1) + x - mean - delta, and drift where m_t - min m > threshold; for falls + delta and max m - m_t.
 * The threshold is in the unit of the values: scale them, or it is arbitrary.
 *
 * Source: E. S. Page, Biometrika 41 (1954), doi:10.1093/biomet/41.1-2.100; D. V. Hinkley, Biometrika 58 (1971),
 * doi:10.1093/biomet/58.3.509.
 * @example new PageHinkley({ threshold: 10 }).update(0.2) // { drift: false, warning: false }
 */
export class PageHinkley implements ChangeDetector {
  readonly #options: Required<PageHinkleyOptions>;
  #mean = new RunningMean();
  #increase = { sum: 0, least: Number.POSITIVE_INFINITY };
  #decrease = { sum: 0, greatest: Number.NEGATIVE_INFINITY };
  #drifted = false;

  /** @throws RangeError naming the option out of its domain. */
  constructor(options: PageHinkleyOptions = {}) {
    const { minInstances = 30, delta = 0.005, threshold = 50, alpha = 0.9999 } = options;
    const { mode = "both", from = "extreme" } = options;
    requireOption("minInstances", minInstances, isCount, "a whole number of at least 1");
    requireOption("delta", delta, (value) => value >= 0, "at least 0");
    requireOption("threshold", threshold, (value) => value > 0, "above 0");
    requireOption("alpha", alpha, (value) => value > 0 && value <= 1, "in (0, 1]");
    this.#options = { minInstances, delta, threshold, alpha, mode, from };
  }

  update(value: number): ChangeVerdict {
    requireFinite(value);
    if (this.#drifted) this.reset();
    const { minInstances, delta, threshold, alpha, mode, from } = this.#options;
    this.#mean.update(value);
    const deviation = value - this.#mean.mean;
    this.#increase.sum = alpha * this.#increase.sum + deviation - delta;
    this.#decrease.sum = alpha * this.#decrease.sum + deviation + delta;
    this.#increase.least = Math.min(this.#increase.least, this.#increase.sum);
    this.#decrease.greatest = Math.max(this.#decrease.greatest, this.#decrease.sum);
    const [least, greatest] = from === "zero" ? [0, 0] : [this.#increase.least, this.#decrease.greatest];
    const rose = mode !== "down" && this.#increase.sum - least > threshold;
    const fell = mode !== "up" && greatest - this.#decrease.sum > threshold;
    this.#drifted = this.#mean.count >= minInstances && (rose || fell);
    return { drift: this.#drifted, warning: false };
  }

  state(): PageHinkleyState {
    return { sumIncrease: this.#increase.sum, sumDecrease: this.#decrease.sum, mean: this.#mean.mean };
  }

  reset(): void {
    this.#mean = new RunningMean();
    this.#increase = { sum: 0, least: Number.POSITIVE_INFINITY };
    this.#decrease = { sum: 0, greatest: Number.NEGATIVE_INFINITY };
    this.#drifted = false;
  }
}
