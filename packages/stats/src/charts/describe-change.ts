import { chiSquareUpperTail } from "../distributions/chi-square-upper-tail.ts";
import { requirePoints } from "./control-line.ts";

export interface ChangeOptions {
  /** Mean in control, from history. */
  readonly center: number;
  /** Standard deviation in control, from history; above 0. */
  readonly sigma: number;
  /** Chance of seeing a change in points where there is none, in (0, 1). Default 0.01. */
  readonly alpha?: number;
}

export interface ChangeDescription {
  /** `jump`: the mean moved at once and stayed. `slow_drift`: it moves a little with every point. */
  readonly kind: "none" | "jump" | "slow_drift";
  /** Index of the first point of the change. */
  readonly start: number | null;
  /** Size of a jump, or what a drift has come to at the last point, in the unit of the values. */
  readonly size: number | null;
  /** ln of the likelihood of the best drift over that of the best jump: beyond -2 and 2 the kind is clear, near 0 it is a guess. */
  readonly logLikelihoodRatio: number | null;
  /** Bonferroni's, over both kinds and all starts. */
  readonly pValue: number;
}

/**
 * Tells a slow drift from a jump in the points of a control chart: the jump and the straight drift that explain them best, over every start.
 *
 * With z = (value - center) / sigma and a shape s that begins at the start (1, 1, ... or 1, 2, 3, ...), the gain in log-likelihood is
 * (sum z s)^2 / (2 sum s^2).
 *
 * @param values in order of time, independent, at least two.
 * @throws RangeError naming the argument out of its domain.
 * Source: the likelihood-ratio change-point test, D. M. Hawkins, P. Qiu, C. W. Kang, J. Qual. Technol. 35 (2003),
 * doi:10.1080/00224065.2003.11980233, with a ramp beside the step.
 * @example describeChange([0, 0, 0, 9, 9, 9], { center: 0, sigma: 1 }).kind // "jump"
 */
export function describeChange(
  values: readonly number[],
  { center, sigma, alpha = 0.01 }: ChangeOptions,
): ChangeDescription {
  requirePoints("values", values, 2);
  if (!Number.isFinite(center)) throw new RangeError(`center is ${center}; expected a finite number`);
  if (!(sigma > 0 && sigma < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`sigma is ${sigma}; expected a finite number above 0`);
  }
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha is ${alpha}; expected a probability in (0, 1)`);
  const z = values.map((value) => (value - center) / sigma);
  const jump = bestOf(z, () => 1);
  const drift = bestOf(z, (since) => since + 1);
  const best = drift.gain > jump.gain ? drift : jump;
  const pValue = Math.min(1, 2 * z.length * chiSquareUpperTail(2 * best.gain, 1));
  if (pValue > alpha) return { kind: "none", start: null, size: null, logLikelihoodRatio: null, pValue };
  return {
    kind: best === drift ? "slow_drift" : "jump",
    start: best.start,
    size: sigma * best.amount * (best === drift ? z.length - best.start : 1),
    // Both infinite where a square overflows.
    logLikelihoodRatio: drift.gain === jump.gain ? 0 : drift.gain - jump.gain,
    pValue,
  };
}

interface Shape {
  readonly start: number;
  /** Gain in log-likelihood. */
  readonly gain: number;
  readonly amount: number;
}

function bestOf(z: readonly number[], shape: (since: number) => number): Shape {
  let best: Shape = { start: 0, gain: 0, amount: 0 };
  for (let start = 0; start < z.length; start++) {
    let product = 0;
    let square = 0;
    for (let i = start; i < z.length; i++) {
      product += z[i]! * shape(i - start);
      square += shape(i - start) ** 2;
    }
    const gain = (product * product) / (2 * square);
    if (gain > best.gain) best = { start, gain, amount: product / square };
  }
  return best;
}
