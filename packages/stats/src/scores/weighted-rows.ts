/** The weight of a group of equal rows. */
export interface RowWeight {
  /** Total weight of the rows, at least 0: count x inverse inclusion probability. */
  readonly weight: number;
  /** Rows in the group; 1 by default. */
  readonly count?: number;
  /** Sum over the rows of the squared weight of one row; weight^2 / count by default (rows of equal weight). */
  readonly weightSquared?: number;
}

/**
 * Checks the weight of a group and returns the sum of its rows' squared weights.
 *
 * @param group the group.
 * @param index its place, for the message.
 * @throws RangeError naming the member that is negative or not finite.
 */
export function squaredWeightOf(group: RowWeight, index: number, argument = "groups"): number {
  const { weight, count = 1 } = group;
  if (!(weight >= 0 && Number.isFinite(weight))) {
    throw new RangeError(`${argument}[${index}].weight is ${weight}; expected a finite number of at least 0`);
  }
  if (!(count > 0 && Number.isFinite(count))) {
    throw new RangeError(`${argument}[${index}].count is ${count}; expected a number above 0`);
  }
  const squared = group.weightSquared ?? (weight * weight) / count;
  if (!(squared >= 0 && Number.isFinite(squared))) {
    throw new RangeError(`${argument}[${index}].weightSquared is ${squared}; expected a finite number of at least 0`);
  }
  return squared;
}

/**
 * Checks rows that are ranked by a score.
 *
 * @throws RangeError naming the member that is not finite or negative.
 */
export function requireRankedRows(
  rows: readonly { readonly score: number; readonly weight: number; readonly squaredWeight?: number }[],
): void {
  rows.forEach(({ score, weight, squaredWeight = 0 }, index) => {
    if (!Number.isFinite(score)) throw new RangeError(`rows[${index}].score is ${score}; expected a finite number`);
    if (!(weight >= 0 && Number.isFinite(weight * weight))) {
      throw new RangeError(`rows[${index}].weight is ${weight}; expected a finite number of at least 0`);
    }
    if (!(squaredWeight >= 0 && Number.isFinite(squaredWeight))) {
      throw new RangeError(`rows[${index}].squaredWeight is ${squaredWeight}; expected a finite number of at least 0`);
    }
  });
}
