export interface BoostingOptions {
  readonly trees: number;
  readonly depth: number;
  readonly learningRate: number;
  readonly minLeaf: number;
  /** L2 penalty on leaves. */
  readonly penalty: number;
}

/** What ESTIMATION.md 1.8 measured best for a regression's error. */
const MEASURED: BoostingOptions = { trees: 200, depth: 4, learningRate: 0.12, minLeaf: 40, penalty: 5 };

/** Complete trees: node i has children 2i + 1 (code <= threshold) and 2i + 2; feature -1 does not split and goes left. */
export interface BoostedTrees {
  readonly base: number;
  readonly depth: number;
  readonly trees: readonly {
    readonly feature: Int32Array;
    readonly threshold: Int32Array;
    readonly leaf: Float64Array;
  }[];
}

/**
 * Gradient boosting of squared loss with histogram trees on small integer codes; gain s^2/(n + lambda), leaves rate * s/(n + lambda).
 * Deterministic: ties go to the lowest feature, then the lowest threshold.
 *
 * @param codes rows of codes, each not negative; at least one row. Cost O(trees depth rows features).
 * Source: J. Friedman, Annals of Statistics 29 (2001), doi:10.1214/aos/1013203451.
 */
export function fitBoostedTrees(
  codes: readonly ArrayLike<number>[],
  target: ArrayLike<number>,
  options: Partial<BoostingOptions> = {},
): BoostedTrees {
  const { trees: treeCount, depth, learningRate, minLeaf, penalty } = { ...MEASURED, ...options };
  const n = codes.length;
  let base = 0;
  for (let i = 0; i < n; i++) base += target[i]! / n;
  const residual = Float64Array.from(target, (value) => value - base);
  const columns = Array.from({ length: codes[0]!.length }, (_, j) => Uint16Array.from(codes, (row) => row[j]!));
  const codeCount = columns.reduce((most, column) => Math.max(most, largestOf(column)), 0) + 1;
  const trees = Array.from({ length: treeCount }, () => {
    const feature = new Int32Array(2 ** depth - 1).fill(-1);
    const threshold = new Int32Array(2 ** depth - 1);
    const node = new Uint16Array(n);
    for (let level = 0; level < depth; level++) {
      const first = 2 ** level - 1;
      const splits = bestSplits({ columns, node, residual, nodeCount: 2 ** level, codeCount, minLeaf, penalty });
      splits.forEach((split, k) => {
        feature[first + k] = split.feature;
        threshold[first + k] = split.threshold;
      });
      for (let i = 0; i < n; i++) {
        const { feature: j, threshold: t } = splits[node[i]!]!;
        node[i] = 2 * node[i]! + (j >= 0 && columns[j]![i]! > t ? 1 : 0);
      }
    }
    const { counts, sums } = nodeSums(node, residual, 2 ** depth);
    const leaf = sums.map((sum, k) => (learningRate * sum) / (counts[k]! + penalty));
    for (let i = 0; i < n; i++) residual[i]! -= leaf[node[i]!]!;
    return { feature, threshold, leaf };
  });
  return { base, depth, trees };
}

/** The model's value for each row of codes. */
export function predictBoostedTrees(model: BoostedTrees, codes: readonly ArrayLike<number>[]): Float64Array {
  const { base, depth, trees } = model;
  const width = codes[0]?.length ?? 0;
  const flat = new Uint16Array(codes.length * width);
  for (const [i, row] of codes.entries()) flat.set(row, i * width);
  const values = new Float64Array(codes.length).fill(base);
  const inner = 2 ** depth - 1;
  // Tree after tree, so that one tree's nodes stay near.
  for (const { feature, threshold, leaf } of trees) {
    for (let i = 0; i < codes.length; i++) {
      let node = 0;
      while (node < inner) {
        const j = feature[node]!;
        node = 2 * node + (j >= 0 && flat[i * width + j]! > threshold[node]! ? 2 : 1);
      }
      values[i]! += leaf[node - inner]!;
    }
  }
  return values;
}

interface SplitSearch {
  readonly columns: readonly Uint16Array[];
  readonly node: Uint16Array;
  readonly residual: Float64Array;
  readonly nodeCount: number;
  readonly codeCount: number;
  readonly minLeaf: number;
  readonly penalty: number;
}

function bestSplits({ columns, node, residual, nodeCount, codeCount, minLeaf, penalty }: SplitSearch) {
  const whole = nodeSums(node, residual, nodeCount);
  const best = Array.from({ length: nodeCount }, () => ({ gain: 1e-9, feature: -1, threshold: 0 }));
  const counts = new Int32Array(nodeCount * codeCount);
  const sums = new Float64Array(nodeCount * codeCount);
  columns.forEach((column, feature) => {
    counts.fill(0);
    sums.fill(0);
    for (let i = 0; i < node.length; i++) {
      const cell = node[i]! * codeCount + column[i]!;
      counts[cell]! += 1;
      sums[cell]! += residual[i]!;
    }
    best.forEach((found, k) => {
      const own = whole.sums[k]! ** 2 / (whole.counts[k]! + penalty);
      let left = 0;
      let leftSum = 0;
      let gainHere = -1;
      let thresholdHere = 0;
      for (let threshold = 0; threshold < codeCount - 1; threshold++) {
        left += counts[k * codeCount + threshold]!;
        leftSum += sums[k * codeCount + threshold]!;
        const right = whole.counts[k]! - left;
        if (left < minLeaf || right < minLeaf) continue;
        const rightSum = whole.sums[k]! - leftSum;
        const gain = leftSum ** 2 / (left + penalty) + rightSum ** 2 / (right + penalty) - own;
        if (gain <= gainHere) continue;
        gainHere = gain;
        thresholdHere = threshold;
      }
      if (gainHere > found.gain * (1 + 1e-12)) best[k] = { gain: gainHere, feature, threshold: thresholdHere };
    });
  });
  return best;
}

function nodeSums(node: Uint16Array, residual: Float64Array, count: number) {
  const counts = new Float64Array(count);
  const sums = new Float64Array(count);
  for (let i = 0; i < node.length; i++) {
    counts[node[i]!]! += 1;
    sums[node[i]!]! += residual[i]!;
  }
  return { counts, sums };
}

function largestOf(column: Uint16Array): number {
  let largest = 0;
  for (let i = 0; i < column.length; i++) largest = Math.max(largest, column[i]!);
  return largest;
}
