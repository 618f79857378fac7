import {
  type ChangeDetector,
  type ChangeVerdict,
  isCount,
  isInnerShare,
  requireError,
  requireOption,
} from "./change-detector.ts";
import { RunningMean } from "./running-mean.ts";

export interface EcddOptions {
  /** Values before the first verdict. Default 30. */
  readonly minInstances?: number;
  /** Weight of the newest value in the moving average, in (0, 1). The limits were fitted at 0.2, the default. */
  readonly weight?: number;
  /** Values between two false drifts, on average, that the limits aim at. Default 400. */
  readonly averageRunLength?: 100 | 400;
  /** Share of the limit that is a warning, in (0, 1). Default 0.5. */
  readonly warningShare?: number;
}

/**
 * Control limits L(p) in standard deviations by average run length: the paper's fitted polynomials, coefficients of p^0, p, p^3, p^5, p^7.
 * Its polynomial for 1,000 is narrower than that for 400, so it is not offered.
 */
const LIMITS: Readonly<Record<100 | 400, readonly [number, number, number, number, number]>> = {
  100: [2.76, -6.23, 18.12, -312.45, 1002.18],
  400: [3.97, -6.56, 48.73, -330.13, 848.18],
};

/**
 * ECDD, an EWMA chart for errors of a classifier (1 wrong, 0 right): drift where the moving average of the errors exceeds the error
 * rate p since the start by L(p) of its standard deviations, sqrt(p (1 - p) w / (2 - w) (1 - (1 - w)^(2 n))).
 *
 * Memory of about 1 / weight values: finds sudden rises soon; the limits hold for error rates up to about 0.3.
 *
 * Source: G. Ross, N. Adams, D. Tasoulis, D. Hand, Pattern Recognition Letters 33 (2012), doi:10.1016/j.patrec.2011.08.019.
 * @example new Ecdd().update(1) // { drift: false, warning: false }
 */
export class Ecdd implements ChangeDetector {
  readonly #minInstances: number;
  readonly #weight: number;
  readonly #warningShare: number;
  readonly #limit: (typeof LIMITS)[100];
  #rate = new RunningMean();
  #average = 0;
  #drifted = false;

  /** @throws RangeError naming the option out of its domain. */
  constructor({ minInstances = 30, weight = 0.2, averageRunLength = 400, warningShare = 0.5 }: EcddOptions = {}) {
    requireOption("minInstances", minInstances, isCount, "a whole number of at least 1");
    requireOption("weight", weight, isInnerShare, "in (0, 1)");
    requireOption("averageRunLength", averageRunLength, (value) => value in LIMITS, "100 or 400");
    requireOption("warningShare", warningShare, isInnerShare, "in (0, 1)");
    this.#minInstances = minInstances;
    this.#weight = weight;
    this.#warningShare = warningShare;
    this.#limit = LIMITS[averageRunLength];
  }

  update(value: number): ChangeVerdict {
    requireError(value);
    if (this.#drifted) this.reset();
    this.#rate.update(value);
    this.#average = this.#weight * value + (1 - this.#weight) * this.#average;
    const { mean: p, count } = this.#rate;
    if (count < this.#minInstances) return { drift: false, warning: false };
    const settled = (this.#weight / (2 - this.#weight)) * (1 - (1 - this.#weight) ** (2 * count));
    const deviation = Math.sqrt(settled * p * (1 - p));
    const [c0, c1, c3, c5, c7] = this.#limit;
    const reach = (c0 + c1 * p + c3 * p ** 3 + c5 * p ** 5 + c7 * p ** 7) * deviation;
    this.#drifted = this.#average > p + reach;
    return { drift: this.#drifted, warning: !this.#drifted && this.#average > p + this.#warningShare * reach };
  }

  reset(): void {
    this.#rate = new RunningMean();
    this.#average = 0;
    this.#drifted = false;
  }
}
