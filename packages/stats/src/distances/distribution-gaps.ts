/** A sample, each value with a weight; all weights are 1 by default. */
export interface WeightedSample {
  readonly values: ArrayLike<number>;
  readonly weights?: ArrayLike<number>;
}

/** Where both empirical distribution functions are constant: the width of the step and F_x - F_y over it. */
export interface DistributionGap {
  readonly width: number;
  readonly difference: number;
}

/**
 * Steps between neighbouring values of the union of two samples, ascending; their widths sum to the union's range.
 *
 * @throws RangeError naming the sample that is empty, holds NaN, or has negative weights or none above 0.
 */
export function distributionGaps(x: WeightedSample, y: WeightedSample): DistributionGap[] {
  const jumps = [...jumpsOf("x", x, 1), ...jumpsOf("y", y, -1)].sort((a, b) =>
    a.value < b.value ? -1 : a.value > b.value ? 1 : 0,
  );
  const gaps: DistributionGap[] = [];
  let ofX = 0;
  let ofY = 0;
  jumps.forEach(({ value, share, sign }, i) => {
    if (sign > 0) ofX += share;
    else ofY += share;
    const next = jumps[i + 1];
    if (next !== undefined && next.value !== value) gaps.push({ width: next.value - value, difference: ofX - ofY });
  });
  return gaps;
}

interface Jump {
  readonly value: number;
  readonly share: number;
  readonly sign: 1 | -1;
}

function jumpsOf(name: string, { values, weights }: WeightedSample, sign: 1 | -1): Jump[] {
  if (values.length === 0) throw new RangeError(`${name} is empty; expected at least one value`);
  if (weights !== undefined && weights.length !== values.length) {
    throw new RangeError(`${name}.weights has ${weights.length} entries; expected ${values.length}`);
  }
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const weight = weights?.[i] ?? 1;
    if (Number.isNaN(values[i]!)) throw new RangeError(`${name}[${i}] is NaN; drop missing values first`);
    if (!(weight >= 0 && Number.isFinite(weight))) throw new RangeError(`${name}.weights[${i}] is ${weight}`);
    total += weight;
  }
  if (total === 0) throw new RangeError(`${name}.weights are all 0; expected one above 0`);
  return Array.from(values, (value, i) => ({ value, share: (weights?.[i] ?? 1) / total, sign }));
}
