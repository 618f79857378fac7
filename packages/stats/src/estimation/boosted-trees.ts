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
  codes: readonly (readonly number[])[],
  target: ArrayLike<number>,
  options: Partial<BoostingOptions> = {},
): BoostedTrees {
  const { trees: treeCount, depth, learningRate, minLeaf, penalty } = { ...MEASURED, ...options };
  const n = codes.length;
  let base = 0;
  for (let i = 0; i < n; i++) base += target[i]! / n;
  const residual = Float64Array.from(target, (value) => value - base);
  const codeCount = codes.reduce((most, row) => Math.max(most, ...row), 0) + 1;
  const columns = codes[0]!.map((_, j) => Int32Array.from(codes, (row) => row[j]!));
  const trees = Array.from({ length: treeCount }, () => {
    const feature = new Int32Array(2 ** depth - 1).fill(-1);
    const threshold = new Int32Array(2 ** depth - 1);
    const node = new Int32Array(n);
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
export function predictBoostedTrees(model: BoostedTrees, codes: readonly (readonly number[])[]): Float64Array {
  return Float64Array.from(codes, (row) => {
    let value = model.base;
    for (const { feature, threshold, leaf } of model.trees) {
      let node = 0;
      for (let level = 0; level < model.depth; level++) {
        const at = 2 ** level - 1 + node;
        const j = feature[at]!;
        node = 2 * node + (j >= 0 && row[j]! > threshold[at]! ? 1 : 0);
      }
      value += leaf[node]!;
    }
    return value;
  });
}

interface SplitSearch {
  readonly columns: readonly Int32Array[];
  readonly node: Int32Array;
  readonly residual: Float64Array;
  readonly nodeCount: number;
  readonly codeCount: number;
  readonly minLeaf: number;
  readonly penalty: number;
}

function bestSplits({ columns, node, residual, nodeCount, codeCount, minLeaf, penalty }: SplitSearch) {
  const whole = nodeSums(node, residual, nodeCount);
  const best = Array.from({ length: nodeCount }, () => ({ gain: 1e-9, feature: -1, threshold: 0 }));
  columns.forEach((column, feature) => {
    const cells = node.map((k, i) => k * codeCount + column[i]!);
    const { counts, sums } = nodeSums(cells, residual, nodeCount * codeCount);
    best.forEach((found, k) => {
      const own = whole.sums[k]! ** 2 / (whole.counts[k]! + penalty);
      let left = 0;
      let leftSum = 0;
      let local = { gain: -1, threshold: 0 };
      for (let threshold = 0; threshold < codeCount - 1; threshold++) {
        left += counts[k * codeCount + threshold]!;
        leftSum += sums[k * codeCount + threshold]!;
        const right = whole.counts[k]! - left;
        if (left < minLeaf || right < minLeaf) continue;
        const rightSum = whole.sums[k]! - leftSum;
        const gain = leftSum ** 2 / (left + penalty) + rightSum ** 2 / (right + penalty) - own;
        if (gain > local.gain) local = { gain, threshold };
      }
      if (local.gain > found.gain * (1 + 1e-12)) Object.assign(found, local, { feature });
    });
  });
  return best;
}

function nodeSums(node: Int32Array, residual: Float64Array, count: number) {
  const counts = new Float64Array(count);
  const sums = new Float64Array(count);
  for (let i = 0; i < node.length; i++) {
    counts[node[i]!]! += 1;
    sums[node[i]!]! += residual[i]!;
  }
  return { counts, sums };
}
