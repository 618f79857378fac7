import type { MeanInterval } from "./mean-interval.ts";
import type { ValueStretch } from "./row-dependence.ts";

export interface RiskSequenceOptions {
  /** Losses lie in [0, cap]. */
  readonly cap: number;
  /** Mean and variance that the first bets go by; known before the first stretch, such as the reference's. */
  readonly prior: { readonly mean: number; readonly variance: number };
  /** Probability that the mean is ever outside the interval, in (0, 1). Default 0.05. */
  readonly alpha?: number;
}

/** The largest bet on one value, of a range of 1. */
const MAX_BET = 0.5;

/**
 * Confidence sequence for the mean loss from sums by stretch: the interval holds at the end of every stretch together with
 * probability 1 - alpha. `EmpiricalBernsteinSequence` with one bet for all values of a stretch, chosen from the values before
 * it and the number of values in it, so that nothing but count, mean and mean square of a stretch need be kept:
 * sum (x - mu)^2 = n (meanSquare - 2 mu mean + mu^2).
 *
 * Values that depend on each other count as fewer: `count` is then their number over that of `RowDependence`, and the
 * interval holds as far as that number does.
 *
 * Source: I. Waudby-Smith, A. Ramdas, JRSS B 86 (2024), theorem 2, doi:10.1093/jrsssb/qkad009; any predictable bets do.
 * @throws RangeError naming the option out of its domain.
 * @example
 * const risk = new RiskSequence({ cap: 1, prior: { mean: 0.2, variance: 0.16 } });
 * risk.update({ count: 1_000, mean: 0.3, meanSquare: 0.3 }); // { lower: 0.252, upper: 0.348 }
 */
export class RiskSequence {
  readonly #options: RiskSequenceOptions;
  readonly #cap: number;
  readonly #prior: RiskSequenceOptions["prior"];
  readonly #logTwoOverAlpha: number;
  #count = 0;
  #sum = 0;
  #sumOfSquares = 0;
  #bets = 0;
  #weighted = 0;
  #spread = 0;

  constructor(options: RiskSequenceOptions) {
    const { cap, prior, alpha = 0.05 } = options;
    if (!(cap > 0 && cap < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`cap is ${cap}; expected a finite number above 0`);
    }
    if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha is ${alpha}; expected a probability in (0, 1)`);
    if (!(prior.mean >= 0 && prior.mean <= cap && prior.variance >= 0)) {
      throw new RangeError(`prior is ${prior.mean}, ${prior.variance}; expected a mean in [0, cap] and a variance`);
    }
    this.#options = options;
    this.#cap = cap;
    this.#prior = prior;
    this.#logTwoOverAlpha = Math.log(2 / alpha);
  }

  /** @throws RangeError where count is not positive or a mean lies outside the range; the sequence is then as before. */
  update({ count, mean, meanSquare }: ValueStretch): MeanInterval {
    if (!(count > 0 && count < Number.POSITIVE_INFINITY)) throw new RangeError(`count is ${count}; expected above 0`);
    const x = mean / this.#cap;
    const square = meanSquare / this.#cap ** 2;
    if (!(x >= 0 && x <= 1 && square >= 0 && square <= 1)) {
      throw new RangeError(`mean is ${mean}, mean square ${meanSquare}; expected losses in [0, ${this.#cap}]`);
    }
    const { mean: expected, variance } = this.#expected();
    const total = this.#count + count;
    const bet = Math.min(
      MAX_BET,
      Math.sqrt((2 * this.#logTwoOverAlpha) / (Math.max(variance, 1e-6) * total * Math.log(total + Math.E))),
    );
    this.#bets += count * bet;
    this.#weighted += count * bet * x;
    this.#spread += count * Math.max(0, square - 2 * expected * x + expected * expected) * (-Math.log1p(-bet) - bet);
    this.#count = total;
    this.#sum += count * x;
    this.#sumOfSquares += count * square;
    return this.interval();
  }

  /** The interval as of the last stretch; the whole range before the first. */
  interval(): MeanInterval {
    if (this.#count === 0) return { lower: 0, upper: this.#cap };
    const centre = this.#weighted / this.#bets;
    const radius = (this.#logTwoOverAlpha + this.#spread) / this.#bets;
    return { lower: this.#cap * Math.max(0, centre - radius), upper: this.#cap * Math.min(1, centre + radius) };
  }

  /** The same sequence once more, to go on from here in another way. */
  clone(): RiskSequence {
    const copy = new RiskSequence(this.#options);
    copy.#count = this.#count;
    copy.#sum = this.#sum;
    copy.#sumOfSquares = this.#sumOfSquares;
    copy.#bets = this.#bets;
    copy.#weighted = this.#weighted;
    copy.#spread = this.#spread;
    return copy;
  }

  /** Mean and variance of the values so far with the prior as one of them, in units of the cap. */
  #expected(): { mean: number; variance: number } {
    const n = this.#count + 1;
    const priorMean = this.#prior.mean / this.#cap;
    const priorSquare = this.#prior.variance / this.#cap ** 2 + priorMean ** 2;
    const mean = (this.#sum + priorMean) / n;
    return { mean, variance: Math.max(0, (this.#sumOfSquares + priorSquare) / n - mean * mean) };
  }
}
