import { type ChangeDetector, type ChangeVerdict, isCount, requireError, requireOption } from "./change-detector.ts";
import { RunningMean } from "./running-mean.ts";

export interface DdmOptions {
  /** Values before the first verdict. Default 30. */
  readonly warmStart?: number;
  /** Standard deviations above the minimum for a warning. Default 2. */
  readonly warningThreshold?: number;
  /** Standard deviations above the minimum for a drift. Default 3. */
  readonly driftThreshold?: number;
}

/**
 * DDM, the drift detection method, for errors of a classifier (1 wrong, 0 right).
 *
 * With p the error rate since the start and s = sqrt(p (1 - p) / n), it keeps the p and s of the least p + s and says drift where
 * p + s > p_min + driftThreshold s_min. Good at sudden rises of a small error rate; slow when the rate was high for long.
 *
 * Source: J. Gama, P. Medas, G. Castillo, P. Rodrigues, SBIA 2004, doi:10.1007/978-3-540-28645-5_29.
 * @example new Ddm().update(1) // { drift: false, warning: false }
 */
export class Ddm implements ChangeDetector {
  readonly #warmStart: number;
  readonly #warningThreshold: number;
  readonly #driftThreshold: number;
  #rate = new RunningMean();
  #least = { rate: 0, deviation: 0, sum: Number.POSITIVE_INFINITY };
  #drifted = false;

  /** @throws RangeError naming the option out of its domain. */
  constructor({ warmStart = 30, warningThreshold = 2, driftThreshold = 3 }: DdmOptions = {}) {
    requireOption("warmStart", warmStart, isCount, "a whole number of at least 1");
    requireOption("warningThreshold", warningThreshold, (value) => value > 0, "above 0");
    requireOption("driftThreshold", driftThreshold, (value) => value > 0, "above 0");
    this.#warmStart = warmStart;
    this.#warningThreshold = warningThreshold;
    this.#driftThreshold = driftThreshold;
  }

  update(value: number): ChangeVerdict {
    requireError(value);
    if (this.#drifted) this.reset();
    this.#rate.update(value);
    const { mean: rate, count } = this.#rate;
    if (count <= this.#warmStart) return { drift: false, warning: false };
    const deviation = Math.sqrt((rate * (1 - rate)) / count);
    const sum = rate + deviation;
    if (sum <= this.#least.sum) this.#least = { rate, deviation, sum };
    const exceeds = (threshold: number) => sum > this.#least.rate + threshold * this.#least.deviation;
    this.#drifted = exceeds(this.#driftThreshold);
    return { drift: this.#drifted, warning: !this.#drifted && exceeds(this.#warningThreshold) };
  }

  reset(): void {
    this.#rate = new RunningMean();
    this.#least = { rate: 0, deviation: 0, sum: Number.POSITIVE_INFINITY };
    this.#drifted = false;
  }
}
