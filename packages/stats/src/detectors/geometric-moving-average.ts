import {
  type ChangeDetector,
  type ChangeDirection,
  type ChangeVerdict,
  isCount,
  requireFinite,
  requireOption,
} from "./change-detector.ts";
import { RunningMean } from "./running-mean.ts";

export interface GeometricMovingAverageOptions {
  /** Values before the first verdict. Default 30. */
  readonly minInstances?: number;
  /** Weight of the past, in [0, 1). Default 0.99. */
  readonly alpha?: number;
  /** Averaged deviation from the mean that is a drift, in the unit of the values. Default 1. */
  readonly threshold?: number;
  /** Which changes of the mean count. Default both. */
  readonly mode?: ChangeDirection;
}

/**
 * EWMA of the deviations from the running mean (Roberts' geometric moving average):
 * z_t = alpha z_(t-1) + (1 - alpha)(x - mean); drift where z_t > threshold (rises) or z_t < -threshold (falls).
 *
 * The threshold is in the unit of the values: with a standard deviation s the average varies by s sqrt((1 - alpha) / (1 + alpha)).
 *
 * Source: S. W. Roberts, Technometrics 1 (1959), doi:10.1080/00401706.1959.10489860.
 * @example new GeometricMovingAverage({ threshold: 0.3 }).update(0.2) // { drift: false, warning: false }
 */
export class GeometricMovingAverage implements ChangeDetector {
  readonly #minInstances: number;
  readonly #alpha: number;
  readonly #threshold: number;
  readonly #mode: ChangeDirection;
  #mean = new RunningMean();
  #average = 0;
  #drifted = false;

  /** @throws RangeError naming the option out of its domain. */
  constructor({ minInstances = 30, alpha = 0.99, threshold = 1, mode = "both" }: GeometricMovingAverageOptions = {}) {
    requireOption("minInstances", minInstances, isCount, "a whole number of at least 1");
    requireOption("alpha", alpha, (value) => value >= 0 && value < 1, "in [0, 1)");
    requireOption("threshold", threshold, (value) => value > 0, "above 0");
    this.#minInstances = minInstances;
    this.#alpha = alpha;
    this.#threshold = threshold;
    this.#mode = mode;
  }

  update(value: number): ChangeVerdict {
    requireFinite(value);
    if (this.#drifted) this.reset();
    this.#mean.update(value);
    this.#average = this.#alpha * this.#average + (1 - this.#alpha) * (value - this.#mean.mean);
    const rose = this.#mode !== "down" && this.#average > this.#threshold;
    const fell = this.#mode !== "up" && this.#average < -this.#threshold;
    this.#drifted = this.#mean.count >= this.#minInstances && (rose || fell);
    return { drift: this.#drifted, warning: false };
  }

  reset(): void {
    this.#mean = new RunningMean();
    this.#average = 0;
    this.#drifted = false;
  }
}
