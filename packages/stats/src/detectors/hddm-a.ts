import {
  type ChangeDetector,
  type ChangeVerdict,
  isInnerShare,
  requireFinite,
  requireOption,
} from "./change-detector.ts";
import { RunningMean } from "./running-mean.ts";

export interface HddmAOptions {
  /** Chance of a false drift, in (0, 1). Default 0.001. */
  readonly driftConfidence?: number;
  /** Chance of a false warning, in (0, 1). Default 0.005. */
  readonly warningConfidence?: number;
  /** Whether falls of the mean count too. Default false: rises only. */
  readonly twoSided?: boolean;
}

/**
 * HDDM-A: drift of the mean of values in [0, 1] by Hoeffding's bound on averages.
 *
 * It keeps the prefix whose mean plus bound was least (for falls: whose mean minus bound was greatest) and compares it with the
 * mean of all: drift where the difference exceeds sqrt((1/k - 1/n) / 2 ln(2 / confidence)). Made for sudden changes.
 *
 * Source: I. Frías-Blanco et al., IEEE TKDE 27 (2015), doi:10.1109/TKDE.2014.2345382.
 * @example new HddmA().update(1) // { drift: false, warning: false }
 */
export class HddmA implements ChangeDetector {
  readonly #driftConfidence: number;
  readonly #warningConfidence: number;
  readonly #twoSided: boolean;
  #all = new RunningMean();
  #lowest = new RunningMean();
  #highest = new RunningMean();
  #drifted = false;

  /** @throws RangeError naming the option out of its domain. */
  constructor({ driftConfidence = 0.001, warningConfidence = 0.005, twoSided = false }: HddmAOptions = {}) {
    requireOption("driftConfidence", driftConfidence, isInnerShare, "in (0, 1)");
    requireOption("warningConfidence", warningConfidence, isInnerShare, "in (0, 1)");
    this.#driftConfidence = driftConfidence;
    this.#warningConfidence = warningConfidence;
    this.#twoSided = twoSided;
  }

  update(value: number): ChangeVerdict {
    requireFinite(value);
    if (this.#drifted) this.reset();
    this.#all.update(value);
    const bound = this.#bound(this.#all.count);
    const { mean } = this.#all;
    if (this.#lowest.count === 0 || this.#lowest.mean + this.#bound(this.#lowest.count) >= mean + bound) {
      this.#lowest = this.#all.copy();
    }
    if (this.#highest.count === 0 || this.#highest.mean - this.#bound(this.#highest.count) <= mean - bound) {
      this.#highest = this.#all.copy();
    }
    this.#drifted = this.#rose(this.#driftConfidence);
    let warning = !this.#drifted && this.#rose(this.#warningConfidence);
    if (this.#twoSided) {
      if (this.#fell(this.#driftConfidence)) this.#drifted = true;
      else if (this.#fell(this.#warningConfidence)) warning = true;
    }
    return { drift: this.#drifted, warning };
  }

  reset(): void {
    this.#all = new RunningMean();
    this.#lowest = new RunningMean();
    this.#highest = new RunningMean();
    this.#drifted = false;
  }

  #bound(count: number): number {
    return Math.sqrt((1 / (2 * count)) * Math.log(1 / this.#driftConfidence));
  }

  #rose(confidence: number): boolean {
    return this.#differs(this.#lowest.count, this.#all.mean - this.#lowest.mean, confidence);
  }

  #fell(confidence: number): boolean {
    return this.#differs(this.#highest.count, this.#highest.mean - this.#all.mean, confidence);
  }

  #differs(prefix: number, difference: number, confidence: number): boolean {
    const all = this.#all.count;
    if (prefix === all) return false;
    const size = ((all - prefix) / prefix) * (1 / all);
    return difference >= Math.sqrt((size / 2) * Math.log(2 / confidence));
  }
}
