import {
  type ChangeDetector,
  type ChangeVerdict,
  isInnerShare,
  requireFinite,
  requireOption,
} from "./change-detector.ts";

export interface HddmWOptions {
  /** Chance of a false drift, in (0, 1). Default 0.001. */
  readonly driftConfidence?: number;
  /** Chance of a false warning, in (0, 1). Default 0.005. */
  readonly warningConfidence?: number;
  /** Weight of the newest value in the moving average, in (0, 1). Default 0.05. */
  readonly weight?: number;
  /** Whether falls of the mean count too. Default false: rises only. */
  readonly twoSided?: boolean;
}

/**
 * HDDM-W: drift of the mean of values in [0, 1] by McDiarmid's bound on exponentially weighted averages.
 *
 * It keeps the average at the cut where average plus bound was least and compares it with the average since: drift where they
 * differ by more than sqrt((b_1 + b_2) ln(1 / confidence) / 2), b the sum of squared weights. Made for gradual changes.
 *
 * Source: I. Frías-Blanco et al., IEEE TKDE 27 (2015), doi:10.1109/TKDE.2014.2345382.
 * @example new HddmW().update(1) // { drift: false, warning: false }
 */
export class HddmW implements ChangeDetector {
  readonly #driftConfidence: number;
  readonly #warningConfidence: number;
  readonly #weight: number;
  readonly #twoSided: boolean;
  #all = EMPTY;
  #rise: Cut = NO_CUT;
  #fall: Cut = NO_CUT;
  #drifted = false;

  /** @throws RangeError naming the option out of its domain. */
  constructor(options: HddmWOptions = {}) {
    const { driftConfidence = 0.001, warningConfidence = 0.005, weight = 0.05, twoSided = false } = options;
    requireOption("driftConfidence", driftConfidence, isInnerShare, "in (0, 1)");
    requireOption("warningConfidence", warningConfidence, isInnerShare, "in (0, 1)");
    requireOption("weight", weight, isInnerShare, "in (0, 1)");
    this.#driftConfidence = driftConfidence;
    this.#warningConfidence = warningConfidence;
    this.#weight = weight;
    this.#twoSided = twoSided;
  }

  update(value: number): ChangeVerdict {
    requireFinite(value);
    if (this.#drifted) this.reset();
    this.#all = moved(this.#all, value, this.#weight);
    const bound = mcDiarmid(this.#all.squares, this.#driftConfidence);
    this.#rise = this.#follow(this.#rise, value, this.#all.mean + bound);
    this.#fall = this.#follow(this.#fall, value, bound - this.#all.mean);
    const rises = (confidence: number) => exceeds(this.#rise.since, this.#rise.before, confidence);
    const falls = (confidence: number) => this.#twoSided && exceeds(this.#fall.before, this.#fall.since, confidence);
    this.#drifted = rises(this.#driftConfidence);
    const mayRise = !this.#drifted && rises(this.#warningConfidence);
    if (falls(this.#driftConfidence)) this.#drifted = true;
    else if (falls(this.#warningConfidence)) return { drift: this.#drifted, warning: true };
    return { drift: this.#drifted, warning: mayRise };
  }

  reset(): void {
    this.#all = EMPTY;
    this.#rise = NO_CUT;
    this.#fall = NO_CUT;
    this.#drifted = false;
  }

  /** The cut moves to where `limit` is least; from there on values are averaged anew. */
  #follow(cut: Cut, value: number, limit: number): Cut {
    if (limit < cut.limit) return { limit, before: this.#all, since: EMPTY };
    return { ...cut, since: moved(cut.since, value, this.#weight) };
  }
}

/** An exponentially weighted average and the bound's sum of squared weights. */
interface Average {
  readonly count: number;
  readonly mean: number;
  readonly squares: number;
}

interface Cut {
  readonly limit: number;
  readonly before: Average;
  readonly since: Average;
}

const EMPTY: Average = { count: 0, mean: 0, squares: 1 };
const NO_CUT: Cut = { limit: Number.POSITIVE_INFINITY, before: EMPTY, since: EMPTY };

function moved({ count, mean, squares }: Average, value: number, weight: number): Average {
  return {
    count: count + 1,
    mean: count === 0 ? value : weight * value + (1 - weight) * mean,
    squares: weight * weight + (1 - weight) ** 2 * squares,
  };
}

function exceeds(larger: Average, smaller: Average, confidence: number): boolean {
  if (larger.count === 0 || smaller.count === 0) return false;
  return larger.mean - smaller.mean > mcDiarmid(larger.squares + smaller.squares, confidence);
}

function mcDiarmid(squares: number, confidence: number): number {
  return Math.sqrt((squares * Math.log(1 / confidence)) / 2);
}
