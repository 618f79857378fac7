import { type ChangeDetector, type ChangeVerdict, isCount, requireError, requireOption } from "./change-detector.ts";

export interface EddmOptions {
  /** Errors before the first verdict. Default 30. */
  readonly warmStart?: number;
  /** Share of the greatest distance below which it warns, in (0, 1]. Default 0.95. */
  readonly warningShare?: number;
  /** Share of the greatest distance below which it says drift, at most `warningShare`. Default 0.9. */
  readonly driftShare?: number;
  /** Standard deviations added to the mean distance. Default 2. */
  readonly deviations?: number;
  /**
   * `moa` (default): variance over n - 1, and a warning stays until an error lifts it. `frouros`: variance over n, and a warning is said
   * at the error only.
   */
  readonly variant?: "moa" | "frouros";
}

/**
 * EDDM, the early drift detection method, for errors of a classifier (1 wrong, 0 right): watches the distance between errors.
 *
 * With m and s the mean and standard deviation of the distances, it keeps the greatest m + 2 s and says drift where the
 * present one falls below `driftShare` of it. Finds slow drifts that DDM misses, and raises more false alarms.
 *
 * A warning stays until the next error that lifts it; verdicts change at errors only.
 *
 * Source: M. Baena-García et al., Fourth International Workshop on Knowledge Discovery from Data Streams (2006).
 * @example new Eddm().update(0) // { drift: false, warning: false }
 */
export class Eddm implements ChangeDetector {
  readonly #warmStart: number;
  readonly #warningShare: number;
  readonly #driftShare: number;
  readonly #deviations: number;
  readonly #isFrouros: boolean;
  #rows = 0;
  #lastError = 0;
  #errors = 0;
  #meanDistance = 0;
  #squares = 0;
  #greatest = -1;
  #warning = false;
  #drifted = false;

  /** @throws RangeError naming the option out of its domain. */
  constructor(options: EddmOptions = {}) {
    const { warmStart = 30, warningShare = 0.95, driftShare = 0.9, deviations = 2, variant = "moa" } = options;
    requireOption("warmStart", warmStart, isCount, "a whole number of at least 1");
    requireOption("warningShare", warningShare, (value) => value > 0 && value <= 1, "a share in (0, 1]");
    requireOption("driftShare", driftShare, (value) => value > 0 && value <= warningShare, "at most warningShare");
    requireOption("deviations", deviations, (value) => value > 0, "above 0");
    this.#warmStart = warmStart;
    this.#warningShare = warningShare;
    this.#driftShare = driftShare;
    this.#deviations = deviations;
    this.#isFrouros = variant === "frouros";
  }

  update(value: number): ChangeVerdict {
    requireError(value);
    if (this.#drifted) this.reset();
    this.#rows += 1;
    if (this.#isFrouros) this.#warning = false;
    if (value === 1) this.#judgeError();
    return { drift: this.#drifted, warning: this.#warning };
  }

  reset(): void {
    this.#rows = 0;
    this.#lastError = 0;
    this.#errors = 0;
    this.#meanDistance = 0;
    this.#squares = 0;
    this.#greatest = -1;
    this.#warning = false;
    this.#drifted = false;
  }

  #judgeError(): void {
    this.#recordDistance(this.#rows - this.#lastError);
    this.#lastError = this.#rows;
    if (this.#rows <= this.#warmStart) return;
    const freedom = this.#isFrouros ? this.#errors : this.#errors - 1;
    const variance = freedom > 0 ? this.#squares / freedom : 0;
    const reach = this.#meanDistance + this.#deviations * Math.sqrt(variance);
    if (reach > this.#greatest) this.#greatest = reach;
    else if (this.#errors > this.#warmStart) {
      const share = reach / this.#greatest;
      this.#drifted = share < this.#driftShare;
      if (!this.#drifted) this.#warning = share < this.#warningShare;
    }
  }

  /** Welford's update of mean and sum of squares. */
  #recordDistance(distance: number): void {
    this.#errors += 1;
    const before = distance - this.#meanDistance;
    this.#meanDistance += before / this.#errors;
    this.#squares += before * (distance - this.#meanDistance);
  }
}
