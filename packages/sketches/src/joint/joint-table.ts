import { addCounts } from "../histogram/add-counts.ts";
import { type BucketIndex, createBucketIndex } from "../histogram/bucket-index.ts";
import { createExplicitHistogram } from "../histogram/explicit-histogram.ts";
import { roundedWeight } from "../histogram/rounded-weight.ts";

/** One axis of a table: categories, with one more bin for all others, or bins between frozen boundaries. */
export type JointDimension =
  | { readonly kind: "categories"; readonly categories: readonly string[] }
  | { readonly kind: "boundaries"; readonly boundaries: readonly number[] };

/** How often combinations were seen; two over the same dimensions add. */
export interface JointCounts {
  readonly dimensions: readonly JointDimension[];
  /** Bins of each dimension. */
  readonly shape: readonly number[];
  /** Sums of weights by cell, the last dimension fastest. */
  readonly weights: Float64Array;
  /** Sums of squared weights by cell. */
  readonly squaredWeights: Float64Array;
}

/** A table that is recorded into; arrays are live. */
export interface JointTable extends JointCounts {
  /**
   * Counts one row.
   *
   * @param values one a dimension: a string (any other value is the rest) or a number; NaN in a numeric dimension leaves the row out.
   * @param weight inverse probability of inclusion, from 1/2,048 to 2^20, rounded to a multiple of 1/1,024; 1 by default.
   * @returns its cell, or -1 where it was left out.
   * @throws RangeError where the number of values or the weight does not fit.
   */
  record(values: readonly (string | number)[], weight?: number): number;
}

const MAX_CELLS = 2 ** 20;

/**
 * Makes an empty joint table, for segments over several features at once: its size is fixed by the dimensions and never grows.
 * Sums of weights are exact up to 2^43, of squares up to 2^33: so far, any order, split or merge gives the same bits. With one
 * dimension of categories it is a weighted count of categories; `effectiveSampleSize` and `effectiveCounts` read it.
 *
 * @param dimensions at least one; cells in all at most 2^20.
 * @throws RangeError naming the dimension whose categories repeat or whose boundaries do not ascend, or the number of cells.
 * @example
 * const table = createJointTable([
 *   { kind: "categories", categories: ["LAX", "JFK"] },
 *   { kind: "boundaries", boundaries: [500, 1_000] },
 * ]);
 * table.record(["JFK", 700]); // 4: second of three rows, second of three columns
 */
export function createJointTable(dimensions: readonly JointDimension[]): JointTable {
  if (dimensions.length === 0) throw new RangeError("dimensions is empty; expected at least one");
  const cells = dimensions.reduce((product, dimension) => product * binsOf(dimension), 1);
  if (cells > MAX_CELLS) throw new RangeError(`dimensions make ${cells} cells; expected at most ${MAX_CELLS}`);
  return new DenseTable(dimensions, cells);
}

/**
 * Adds two tables.
 *
 * @throws RangeError where the dimensions differ.
 */
export function mergeJointTables(left: JointCounts, right: JointCounts): JointCounts {
  if (JSON.stringify(left.dimensions) !== JSON.stringify(right.dimensions)) {
    throw new RangeError("dimensions of the two tables differ; only tables over the same dimensions add up");
  }
  return {
    dimensions: left.dimensions,
    shape: left.shape,
    weights: addCounts(left.weights, right.weights),
    squaredWeights: addCounts(left.squaredWeights, right.squaredWeights),
  };
}

/**
 * The table over some of the dimensions only, the others summed up.
 *
 * @param kept ascending indexes of dimensions, at least one.
 * @throws RangeError where they are not.
 */
export function marginalTable({ dimensions, shape, ...cells }: JointCounts, kept: readonly number[]): JointCounts {
  const ascend = kept.every((index, i) => index in dimensions && (i === 0 || index > kept[i - 1]!));
  if (kept.length === 0 || !ascend) {
    throw new RangeError(`kept is [${kept}]; expected ascending indexes below ${dimensions.length}`);
  }
  const target = kept.map((index) => shape[index]!);
  const size = target.reduce((product, bins) => product * bins, 1);
  const weights = new Float64Array(size);
  const squaredWeights = new Float64Array(size);
  cells.weights.forEach((weight, cell) => {
    let rest = cell;
    const bins = shape.map(() => 0);
    for (let i = shape.length - 1; i >= 0; i--) {
      bins[i] = rest % shape[i]!;
      rest = Math.floor(rest / shape[i]!);
    }
    const into = kept.reduce((index, dimension) => index * shape[dimension]! + bins[dimension]!, 0);
    weights[into]! += weight;
    squaredWeights[into]! += cells.squaredWeights[cell]!;
  });
  return { dimensions: kept.map((index) => dimensions[index]!), shape: target, weights, squaredWeights };
}

class DenseTable implements JointTable {
  readonly dimensions: readonly JointDimension[];
  readonly shape: readonly number[];
  readonly weights: Float64Array;
  readonly squaredWeights: Float64Array;
  readonly #binOf: readonly ((value: string | number) => number)[];

  constructor(dimensions: readonly JointDimension[], cells: number) {
    this.dimensions = dimensions;
    this.shape = dimensions.map(binsOf);
    this.#binOf = dimensions.map(finderOf);
    this.weights = new Float64Array(cells);
    this.squaredWeights = new Float64Array(cells);
  }

  record(values: readonly (string | number)[], weight = 1): number {
    if (values.length !== this.shape.length) {
      throw new RangeError(`values has ${values.length} entries; expected ${this.shape.length}, one a dimension`);
    }
    const rounded = roundedWeight(weight);
    let cell = 0;
    for (let i = 0; i < values.length; i++) {
      const bin = this.#binOf[i]!(values[i]!);
      if (bin < 0) return -1;
      cell = cell * this.shape[i]! + bin;
    }
    this.weights[cell]! += rounded;
    this.squaredWeights[cell]! += rounded * rounded;
    return cell;
  }
}

function binsOf(dimension: JointDimension): number {
  return (dimension.kind === "categories" ? dimension.categories.length : dimension.boundaries.length) + 1;
}

function finderOf(dimension: JointDimension, at: number): (value: string | number) => number {
  if (dimension.kind === "boundaries") {
    const index: BucketIndex = createBucketIndex(createExplicitHistogram(dimension.boundaries).boundaries);
    return (value) => (typeof value === "number" && !Number.isNaN(value) ? index.find(value) : -1);
  }
  const bins = new Map(dimension.categories.map((category, bin) => [category, bin]));
  if (bins.size !== dimension.categories.length) {
    throw new RangeError(`dimensions[${at}].categories lists a category twice; list every one once`);
  }
  return (value) => bins.get(String(value)) ?? bins.size;
}
