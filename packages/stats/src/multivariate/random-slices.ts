import { exactQuantile } from "../descriptive/exact-quantile.ts";
import { createDetectionReference, type DetectionReference } from "../detection/detection-reference.ts";
import { normalQuantile } from "../distributions/normal-quantile.ts";
import { seededUniform } from "../distributions/seeded-uniform.ts";
import { type FeatureRows, requireRows, type StandardScale, standardized, standardScaleOf } from "./standard-scale.ts";

export interface SliceOptions {
  /** Projections, the leading ones among them. Default 40. */
  readonly slices?: number;
  /** Unit vectors that come before the random ones, such as the contrasts of features that move together. */
  readonly leading?: readonly Float64Array[];
  /** Quantile bins a projection. Default 20. */
  readonly bins?: number;
  /** Of the directions, a whole number from 0. Default 1. */
  readonly seed?: number;
}

/** One projection of the standardized features, with the reference's histogram along it. */
export interface Slice {
  /** Unit vector over the features. */
  readonly direction: Float64Array;
  /** Frozen quantile boundaries of the reference; a value on one belongs to the bin below. */
  readonly boundaries: readonly number[];
  readonly reference: DetectionReference;
}

/** What rows are counted by. */
export interface CountedSlices {
  readonly scale: StandardScale;
  readonly slices: readonly Omit<Slice, "reference">[];
}

/** Histograms along random directions: what a joint distribution looks like from many sides. */
export interface RandomSlices {
  readonly scale: StandardScale;
  readonly slices: readonly Slice[];
}

/** Bins have to fit a byte. */
const MOST = 256;

/**
 * Freezes random projections of a reference and their quantile bins. Half of the directions mix two features (their sum or difference),
 * where a change of one correlation shows undiluted; half mix all.
 *
 * @param reference at least 200 rows of numeric features; NaN is missing and takes the mean (watch missing values as a feature of their own).
 * @returns the same for the same rows and seed. Cost: rows x features x slices.
 * @throws RangeError where rows are too few or of different lengths, a value is infinite, or an option is out of its domain.
 * Source: N. Bonneel et al., Journal of Mathematical Imaging and Vision 51 (2015), doi:10.1007/s10851-014-0506-3 (sliced distances).
 */
export function fitRandomSlices(
  reference: FeatureRows,
  { slices = 40, leading = [], bins = 20, seed = 1 }: SliceOptions = {},
): RandomSlices {
  for (const [name, value] of Object.entries({ slices, bins })) {
    if (!(Number.isInteger(value) && value >= 1 && value <= MOST)) {
      throw new RangeError(`${name} is ${value}; expected a whole number from 1 to ${MOST}`);
    }
  }
  if (reference.length < 200) throw new RangeError(`reference has ${reference.length} rows; expected at least 200`);
  const scale = standardScaleOf("reference", reference);
  const rows = reference.map((row) => standardized(row, scale));
  const random = directionsOf(scale.means.length, Math.max(0, slices - leading.length), seed);
  const directions = [...leading.slice(0, slices), ...random];
  return {
    scale,
    slices: directions.map((direction) => {
      const boundaries = quantileBoundaries(rows, direction, bins);
      const counts = countAlong({ direction, boundaries }, rows);
      return { direction, boundaries, reference: createDetectionReference(counts, "numeric") };
    }),
  };
}

/**
 * Counts rows along every slice. Counts of disjoint rows add bin by bin, to the bit and in any order; each slice is then a numeric feature
 * for `judgeSlices`, `judgeWindow` or `EDetector`.
 *
 * @returns one array a slice, boundaries + 1 counts.
 * @throws RangeError where a row has another length or an infinite value.
 */
export function countSlices({ scale, slices }: CountedSlices, rows: FeatureRows): number[][] {
  requireRows("rows", rows, scale.means.length);
  const scaled = rows.map((row) => standardized(row, scale));
  return slices.map((slice) => countAlong(slice, scaled));
}

/** The bin of every row along every slice, one array a slice: where the order of rows matters. Throws as `countSlices` does. */
export function sliceBins({ scale, slices }: CountedSlices, rows: FeatureRows): Uint8Array[] {
  requireRows("rows", rows, scale.means.length);
  const scaled = rows.map((row) => standardized(row, scale));
  return slices.map((slice) => Uint8Array.from(scaled, (row) => binAlong(slice, row)));
}

/** Boundaries below a value: its bin, where a value on a boundary belongs below it. */
export function binOf(boundaries: readonly number[], value: number): number {
  let low = 0;
  let high = boundaries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (boundaries[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function directionsOf(dimensions: number, slices: number, seed: number): Float64Array[] {
  const uniform = seededUniform(seed);
  return Array.from({ length: slices }, (_, i) => {
    const direction = new Float64Array(dimensions);
    if (i % 2 === 0 && dimensions > 1) {
      const first = Math.floor(uniform() * dimensions);
      const second = (first + 1 + Math.floor(uniform() * (dimensions - 1))) % dimensions;
      direction[first] = Math.SQRT1_2;
      direction[second] = uniform() < 0.5 ? Math.SQRT1_2 : -Math.SQRT1_2;
      return direction;
    }
    for (let j = 0; j < dimensions; j++) direction[j] = normalQuantile(uniform());
    const length = Math.hypot(...direction);
    return direction.map((value) => value / length);
  });
}

function quantileBoundaries(rows: readonly Float64Array[], direction: Float64Array, bins: number): number[] {
  const sorted = Float64Array.from(rows, (row) => along(row, direction)).sort();
  const quantiles = Array.from({ length: bins - 1 }, (_, k) => exactQuantile(sorted, (k + 1) / bins));
  return [...new Set(quantiles)];
}

function countAlong(slice: Omit<Slice, "reference">, rows: readonly Float64Array[]): number[] {
  const counts = new Array<number>(slice.boundaries.length + 1).fill(0);
  for (const row of rows) counts[binAlong(slice, row)]! += 1;
  return counts;
}

function binAlong({ direction, boundaries }: Omit<Slice, "reference">, row: Float64Array): number {
  return binOf(boundaries, along(row, direction));
}

function along(row: Float64Array, direction: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < row.length; j++) sum += row[j]! * direction[j]!;
  return sum;
}
