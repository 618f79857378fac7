import { type CodedRows, ridgeLeastSquares } from "../estimation/ridge-regression.ts";

export interface FeatureSplit {
  readonly level: number;
  /** One entry per feature, in the order of `sizes`. */
  readonly covariate: readonly number[];
  readonly concept: readonly number[];
  readonly total: number;
}

/**
 * Feature attribution of a change of mean loss: level + sum concept_j + sum covariate_j = total. One ridge fit per side on one-hot codes,
 * coefficients centred per feature at the average share. An association, not a proof of cause.
 *
 * @param reference rows and their losses; both sides share `sizes`. @throws RangeError as ridgeLeastSquares.
 * Source: R. Oaxaca, International Economic Review 14 (1973), doi:10.2307/2525981; gauge fixed at the average share.
 */
export function splitByFeature(
  reference: CodedRows & { readonly loss: ArrayLike<number> },
  current: CodedRows & { readonly loss: ArrayLike<number> },
  penalty = 10,
): FeatureSplit {
  const betaR = ridgeLeastSquares(reference, reference.loss, { penalty });
  const betaC = ridgeLeastSquares(current, current.loss, { penalty });
  const covariate: number[] = [];
  const concept: number[] = [];
  let level = betaC[0]! - betaR[0]!;
  let offset = 1;
  reference.sizes.forEach((size, j) => {
    const shareR = sharesOf(reference, j, size);
    const shareC = sharesOf(current, j, size);
    const mean = shareR.map((share, code) => (share + shareC[code]!) / 2);
    const dot = (shares: readonly number[], beta: Float64Array) =>
      shares.reduce((sum, share, code) => sum + share * beta[offset + code]!, 0);
    const [centreR, centreC] = [dot(mean, betaR), dot(mean, betaC)];
    level += centreC - centreR;
    let moved = 0;
    shareC.forEach((share, code) => {
      moved += (share - shareR[code]!) * ((betaR[offset + code]! - centreR + betaC[offset + code]! - centreC) / 2);
    });
    covariate.push(moved);
    // Both sides are centred at these shares, so what differs between them is in the level.
    concept.push(dot(mean, betaC) - centreC - (dot(mean, betaR) - centreR));
    offset += size;
  });
  return { level, covariate, concept, total: meanOf(current.loss) - meanOf(reference.loss) };
}

function sharesOf({ codes }: CodedRows, feature: number, size: number): number[] {
  const counts = new Array<number>(size).fill(0);
  for (const row of codes) counts[row[feature]!]! += 1;
  return counts.map((count) => count / codes.length);
}

function meanOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}
