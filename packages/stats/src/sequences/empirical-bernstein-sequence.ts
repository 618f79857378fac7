import type { MeanInterval } from "./mean-interval.ts";

export interface EmpiricalBernsteinOptions {
  /** Smallest and largest value that can occur, fixed before the first one is seen. Values beyond are cut and counted. */
  readonly range: readonly [number, number];
  /** Probability that the mean is ever outside the interval, in (0, 1). Default 0.05. */
  readonly alpha?: number;
  /**
   * Keep the narrowest interval seen so far. Right while the mean stays the same; where it may move, leave it out, and the interval
   * is about the weighted running mean. Default true.
   */
  readonly intersect?: boolean;
}

/** Everything a sequence has learned: plain numbers, stored and restored to the bit. Sums are of values scaled to [0, 1]. */
export interface EmpiricalBernsteinState {
  readonly count: number;
  readonly sum: number;
  /** Squared deviations from the running mean, with one pseudo observation of 1/4. */
  readonly deviations: number;
  readonly betSum: number;
  readonly weightedSum: number;
  readonly spread: number;
  readonly lower: number;
  readonly upper: number;
  /** Values beyond the range, that were cut to it: the interval is about the mean of the cut values. */
  readonly clippedCount: number;
}

/** The largest bet on one value. */
const MAX_BET = 0.5;

/**
 * Confidence sequence for the mean of values in a known range: the interval holds at every look together with probability
 * 1 - alpha, however often one looks and whenever one stops. No distribution is assumed; the conditional mean must stay the same.
 *
 * With x scaled to [0, 1], mu and var from the past only (one pseudo observation at 1/2, variance 1/4) and
 * lambda_t = min(1/2, sqrt(2 ln(2/alpha) / (var_(t-1) t ln(t + 1)))), the centre is sum(lambda x) / sum(lambda) and the radius
 * (ln(2/alpha) + sum (x - mu_(t-1))^2 (-ln(1 - lambda) - lambda)) / sum(lambda). Constant memory and time a value.
 *
 * Rows that depend on each other break it: feed the mean of a block (30 rows, a minute) as one value.
 * Rows kept with probability p: feed x / p for kept rows and 0 for the others, over the range [0, upper / smallest p].
 *
 * Source: I. Waudby-Smith, A. Ramdas, JRSS B 86 (2024), theorem 2, doi:10.1093/jrsssb/qkad009.
 * @example
 * const risk = new EmpiricalBernsteinSequence({ range: [0, 1] });
 * risk.update(0.3); // { lower: 0, upper: 1 }
 */
export class EmpiricalBernsteinSequence {
  readonly #lowest: number;
  readonly #width: number;
  readonly #logTwoOverAlpha: number;
  readonly #intersect: boolean;
  #state: EmpiricalBernsteinState;

  /**
   * @param state of an earlier sequence with the same options, to go on from there.
   * @throws RangeError naming the option out of its domain.
   */
  constructor({ range, alpha = 0.05, intersect = true }: EmpiricalBernsteinOptions, state?: EmpiricalBernsteinState) {
    const [lower, upper] = range;
    if (!(Number.isFinite(upper - lower) && lower < upper)) {
      throw new RangeError(`range is [${lower}, ${upper}]; expected two finite numbers in ascending order`);
    }
    if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha is ${alpha}; expected a probability in (0, 1)`);
    this.#lowest = lower;
    this.#width = upper - lower;
    this.#logTwoOverAlpha = Math.log(2 / alpha);
    this.#intersect = intersect;
    this.#state = state ?? { ...START, lower, upper };
  }

  /** @throws RangeError where the value is not a finite number; the sequence is then as before. */
  update(value: number): MeanInterval {
    if (!Number.isFinite(value)) throw new RangeError(`value is ${value}; expected a finite number`);
    const { count, sum, deviations, betSum, weightedSum, spread, lower, upper, clippedCount } = this.#state;
    const scaled = (value - this.#lowest) / this.#width;
    const x = Math.min(1, Math.max(0, scaled));
    const t = count + 1;
    const bet = Math.min(MAX_BET, Math.sqrt((2 * this.#logTwoOverAlpha) / ((deviations / t) * t * Math.log(t + 1))));
    const mean = (0.5 + sum) / t;
    const bets = betSum + bet;
    const weighted = weightedSum + bet * x;
    const spreads = spread + (x - mean) ** 2 * (-Math.log1p(-bet) - bet);
    const centre = weighted / bets;
    const radius = (this.#logTwoOverAlpha + spreads) / bets;
    const low = this.#lowest + this.#width * Math.max(0, centre - radius);
    const high = this.#lowest + this.#width * Math.min(1, centre + radius);
    this.#state = {
      count: t,
      sum: sum + x,
      deviations: deviations + (x - (0.5 + sum + x) / (t + 1)) ** 2,
      betSum: bets,
      weightedSum: weighted,
      spread: spreads,
      lower: this.#intersect ? Math.max(lower, low) : low,
      upper: this.#intersect ? Math.min(upper, high) : high,
      clippedCount: clippedCount + (scaled === x ? 0 : 1),
    };
    return this.interval();
  }

  /** The interval as of the last value; the whole range before the first. */
  interval(): MeanInterval {
    const { lower, upper } = this.#state;
    return { lower, upper };
  }

  state(): EmpiricalBernsteinState {
    return this.#state;
  }
}

const START = { count: 0, sum: 0, deviations: 0.25, betSum: 0, weightedSum: 0, spread: 0, clippedCount: 0 };
