import { leadingComponents } from "@tidemark/stats";
import { unitInto } from "./place-vectors.ts";
import { dot } from "./vector-geometry.ts";

/** Where the directions of a reference's vectors lie. */
export interface FittedVectors {
  readonly centroid: Float64Array;
  readonly rows: number;
  /** Root of the mean squared distance from the centroid. */
  readonly spread: number;
  readonly effectiveDimensions: number;
  readonly components: readonly Float64Array[];
  readonly explainedShare: number;
}

const MAX_COMPONENTS = 8;
const SEED = 1;
/** Pairs of rows that the effective dimensions are measured on, as distances between them. */
const STRIDES = 4;
/** Directions that differ less are one. */
const LEAST_SPREAD = 1e-4;

/**
 * Fits the centroid, the spread and the leading components (at most 8, and at most half of the dimensions) of the vectors' directions.
 * Null where fewer than two rows have a direction, or all have the same.
 *
 * @param values rows × dimension, row by row; finite.
 */
export function fitVectors(values: Float32Array, dimension: number): FittedVectors | null {
  const { directions, rows } = directionsOf(values, dimension);
  if (rows < 2) return null;
  const centroid = new Float64Array(dimension);
  for (let i = 0; i < directions.length; i++) centroid[i % dimension]! += directions[i]!;
  for (let j = 0; j < dimension; j++) centroid[j]! /= rows;
  const wanted = Math.min(MAX_COMPONENTS, Math.floor(dimension / 2));
  const found = leadingComponents(directions, centroid, { components: wanted, seed: SEED });
  const spread = Math.sqrt((found.totalVariance * rows) / (rows - 1));
  if (!(spread > LEAST_SPREAD)) return null;
  const explained = found.variances.reduce((sum, variance) => sum + variance, 0) / found.totalVariance;
  return {
    centroid,
    rows,
    spread,
    effectiveDimensions: effectiveDimensions(directions, centroid, spread),
    components: found.components,
    explainedShare: Math.min(1, explained),
  };
}

function directionsOf(values: Float32Array, dimension: number): { directions: Float32Array; rows: number } {
  const directions = new Float32Array(values.length);
  const unit = new Float64Array(dimension);
  let rows = 0;
  for (let row = 0; row < values.length / dimension; row++) {
    if (unitInto(unit, values, row) > 0) directions.set(unit, dimension * rows++);
  }
  return { directions: directions.subarray(0, dimension * rows), rows };
}

/** tr(S)^2 / tr(S^2), where E((x - c)'(y - c))^2 = tr(S^2) for two independent rows: pairs that lie far apart in time. */
function effectiveDimensions(directions: Float32Array, centroid: Float64Array, spread: number): number {
  const dimension = centroid.length;
  const rows = directions.length / dimension;
  const centred = (row: number) => centroid.map((mean, j) => directions[row * dimension + j]! - mean);
  let squares = 0;
  let pairs = 0;
  for (let stride = 1; stride <= STRIDES; stride++) {
    const apart = Math.max(1, Math.floor((rows * stride) / (2 * STRIDES)));
    for (let row = 0; row + apart < rows; row++) {
      squares += dot(centred(row), centred(row + apart)) ** 2;
      pairs += 1;
    }
  }
  return Math.min(dimension, Math.max(1, (spread ** 4 * pairs) / squares));
}
