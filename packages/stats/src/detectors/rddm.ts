import { type ChangeDetector, type ChangeVerdict, isCount, requireError, requireOption } from "./change-detector.ts";
import { RunningMean } from "./running-mean.ts";

export interface RddmOptions {
  /** Values before the first verdict. Default 129. */
  readonly minInstances?: number;
  /** Standard deviations above the minimum for a warning. Default 1.773. */
  readonly warningThreshold?: number;
  /** Standard deviations above the minimum for a drift. Default 2.258. */
  readonly driftThreshold?: number;
  /** Warnings in a row that are a drift. Default 1,400. */
  readonly maxWarnings?: number;
  /** Values after which a stable stream is forgotten but for its newest. Default 40,000. */
  readonly maxConcept?: number;
  /** Newest values that are kept then. Default 7,000. */
  readonly keptConcept?: number;
}

/**
 * RDDM, the reactive DDM, for errors of a classifier (1 wrong, 0 right): DDM with closer limits that also takes a long warning for a
 * drift, and forgets all but the newest values of a long stable stream, in which DDM would grow deaf.
 *
 * After a drift it starts afresh with the next value.
 *
 * Source: R. S. M. Barros, D. R. L. Cabral, P. M. Gonçalves, S. G. T. C. Santos, Expert Systems with Applications 90 (2017),
 * doi:10.1016/j.eswa.2017.08.023.
 * @example new Rddm().update(1) // { drift: false, warning: false }
 */
export class Rddm implements ChangeDetector {
  readonly #options: Required<RddmOptions>;
  /** The newest values, written round. */
  readonly #recent: Uint8Array;
  #seen = 0;
  #rate = new RunningMean();
  #least = NONE;
  #warnings = 0;
  #drifted = false;

  /** @throws RangeError naming the option out of its domain. */
  constructor(options: RddmOptions = {}) {
    const { minInstances = 129, warningThreshold = 1.773, driftThreshold = 2.258 } = options;
    const { maxWarnings = 1_400, maxConcept = 40_000, keptConcept = 7_000 } = options;
    for (const [name, value] of Object.entries({ minInstances, maxWarnings, maxConcept, keptConcept })) {
      requireOption(name, value, isCount, "a whole number of at least 1");
    }
    requireOption("warningThreshold", warningThreshold, (value) => value > 0, "above 0");
    requireOption("driftThreshold", driftThreshold, (value) => value > 0, "above 0");
    requireOption("keptConcept", keptConcept, (value) => value < maxConcept, "below maxConcept");
    this.#options = { minInstances, warningThreshold, driftThreshold, maxWarnings, maxConcept, keptConcept };
    this.#recent = new Uint8Array(keptConcept);
  }

  update(value: number): ChangeVerdict {
    requireError(value);
    if (this.#drifted) this.reset();
    const { minInstances, warningThreshold, driftThreshold, maxWarnings, maxConcept } = this.#options;
    this.#recent[this.#seen % this.#recent.length] = value;
    this.#seen += 1;
    this.#rate.update(value);
    if (this.#rate.count < minInstances) return { drift: false, warning: false };
    const sum = this.#follow();
    const exceeds = (threshold: number) => sum > this.#least.rate + threshold * this.#least.deviation;
    const warning = exceeds(warningThreshold);
    this.#drifted = exceeds(driftThreshold) || (warning && this.#warnings >= maxWarnings);
    this.#warnings = warning ? this.#warnings + 1 : 0;
    if (!warning && this.#rate.count >= maxConcept) this.#forgetOldest();
    return { drift: this.#drifted, warning: warning && !this.#drifted };
  }

  reset(): void {
    this.#seen = 0;
    this.#rate = new RunningMean();
    this.#least = NONE;
    this.#warnings = 0;
    this.#drifted = false;
  }

  /** Error rate plus its standard deviation; keeps those of the least sum. */
  #follow(): number {
    const { mean: rate, count } = this.#rate;
    const deviation = Math.sqrt((rate * (1 - rate)) / count);
    if (rate + deviation < this.#least.rate + this.#least.deviation) this.#least = { rate, deviation };
    return rate + deviation;
  }

  #forgetOldest(): void {
    this.#rate = new RunningMean();
    this.#least = NONE;
    const kept = this.#recent.length;
    for (let i = 0; i < kept; i++) {
      this.#rate.update(this.#recent[(this.#seen + i) % kept]!);
      if (this.#rate.count >= this.#options.minInstances) this.#follow();
    }
  }
}

const NONE = { rate: Number.POSITIVE_INFINITY, deviation: Number.POSITIVE_INFINITY };
