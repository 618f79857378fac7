export type HarmState = "insufficient_data" | "ok" | "warning" | "critical";

export interface HarmEvidence {
  /** Lower end of the confidence sequence of the risk now. */
  readonly riskLower: number;
  /** Upper bound of the risk on the reference (`meanUpperBound`). */
  readonly referenceUpper: number;
  /** Rise of the risk that is tolerated, in the unit of the loss; at least 0. */
  readonly tolerance: number;
  /** Labelled rows behind `riskLower`. */
  readonly count: number;
  /** Rows below which nothing is said. Default 100. */
  readonly minCount?: number;
}

/**
 * Whether a shift is harmful: `critical` where the risk is proved to exceed the reference's by more than the tolerance, `warning`
 * where it is proved to exceed it. With alpha / 2 on each side it holds at every look together with probability 1 - alpha
 * while the risk is constant; a risk that creeps is diluted by its past, so restart the sequence at each deployment.
 *
 * Source: A. Podkopaev, A. Ramdas, ICLR (2022), arXiv:2110.06177.
 * @throws RangeError where a number is NaN or the tolerance negative.
 * @example harmState({ riskLower: 0.3, referenceUpper: 0.22, tolerance: 0.05, count: 500 }) // "critical"
 */
export function harmState({ riskLower, referenceUpper, tolerance, count, minCount = 100 }: HarmEvidence): HarmState {
  for (const [name, value] of Object.entries({ riskLower, referenceUpper, count })) {
    if (Number.isNaN(value)) throw new RangeError(`${name} is NaN; expected a number`);
  }
  if (!(tolerance >= 0)) throw new RangeError(`tolerance is ${tolerance}; expected at least 0`);
  if (count < minCount) return "insufficient_data";
  if (riskLower > referenceUpper + tolerance) return "critical";
  return riskLower > referenceUpper ? "warning" : "ok";
}
