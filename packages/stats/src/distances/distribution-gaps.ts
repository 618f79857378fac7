/** A sample, each value with a weight; all weights are 1 by default. */
export interface WeightedSample {
  readonly values: ArrayLike<number>;
  readonly weights?: ArrayLike<number>;
}

/** Steps over which both empirical distribution functions are constant. */
export interface DistributionGaps {
  readonly count: number;
  readonly widths: Float64Array;
  /** F_x - F_y over each. */
  readonly differences: Float64Array;
}

/**
 * Steps between neighbouring values of the union of two samples, ascending, where the functions differ.
 *
 * @throws RangeError naming the sample that is empty, holds NaN, or has negative weights or none above 0.
 */
export function distributionGaps(x: WeightedSample, y: WeightedSample): DistributionGaps {
  const [ofX, ofY] = [stepsOf("x", x), stepsOf("y", y)];
  const [n, m] = [ofX.values.length, ofY.values.length];
  const widths = new Float64Array(n + m);
  const differences = new Float64Array(n + m);
  let count = 0;
  let i = 0;
  let j = 0;
  while (i < n || j < m) {
    const value = j >= m || (i < n && ofX.values[i]! <= ofY.values[j]!) ? ofX.values[i]! : ofY.values[j]!;
    while (i < n && ofX.values[i] === value) i += 1;
    while (j < m && ofY.values[j] === value) j += 1;
    if (i >= n && j >= m) break;
    const difference = shareBelow(ofX, i) - shareBelow(ofY, j);
    if (difference === 0) continue;
    const next = j >= m || (i < n && ofX.values[i]! <= ofY.values[j]!) ? ofX.values[i]! : ofY.values[j]!;
    widths[count] = next - value;
    differences[count] = difference;
    count += 1;
  }
  return { count, widths, differences };
}

/** A sample in ascending order. */
interface Steps {
  readonly values: Float64Array;
  /** Sum of the weights of the first i values at i; null where all weights are 1. */
  readonly cumulative: Float64Array | null;
}

function shareBelow({ values, cumulative }: Steps, first: number): number {
  return cumulative === null ? first / values.length : cumulative[first]! / cumulative[values.length]!;
}

function stepsOf(name: string, { values, weights }: WeightedSample): Steps {
  if (values.length === 0) throw new RangeError(`${name} is empty; expected at least one value`);
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]!)) throw new RangeError(`${name}[${i}] is NaN; drop missing values first`);
  }
  if (weights === undefined) return { values: Float64Array.from(values).sort(), cumulative: null };
  if (weights.length !== values.length) {
    throw new RangeError(`${name}.weights has ${weights.length} entries; expected ${values.length}`);
  }
  const order = Uint32Array.from(values, (_, i) => i).sort((a, b) => values[a]! - values[b]! || a - b);
  const cumulative = new Float64Array(values.length + 1);
  for (let i = 0; i < order.length; i++) {
    const weight = weights[order[i]!]!;
    if (!(weight >= 0 && Number.isFinite(weight))) throw new RangeError(`${name}.weights[${order[i]}] is ${weight}`);
    cumulative[i + 1] = cumulative[i]! + weight;
  }
  const total = cumulative[values.length]!;
  if (!(total > 0 && Number.isFinite(total))) {
    throw new RangeError(`${name}.weights sum to ${total}; expected a finite sum above 0`);
  }
  return { values: Float64Array.from(order, (i) => values[i]!), cumulative };
}
