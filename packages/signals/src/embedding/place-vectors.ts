import { dot, type VectorGeometry } from "./vector-geometry.ts";

/** Vectors of several rows as the numbers that they are counted by. Rows of zeros have no direction and are left out. */
export interface PlacedVectors {
  /** Of the rows given, those that are not all zeros, in order. */
  readonly kept: readonly number[];
  /** Along each direction of the geometry, by kept row: from -1 to 1. */
  readonly along: readonly Float64Array[];
  /** Distance of the direction from its reconstruction by the components. */
  readonly errors: Float64Array;
  /** Lengths of the vectors. */
  readonly norms: Float64Array;
}

/**
 * Places vectors in a reference's geometry.
 *
 * @param values rows × dimension, row by row; finite.
 */
export function placeVectors(
  { dimension, centroid, components, slices }: VectorGeometry,
  values: Float32Array,
): PlacedVectors {
  const rows = values.length / dimension;
  const own = centroid.length === 0 ? 0 : dot(centroid, centroid);
  const centers = components.map((component) => dot(component, centroid));
  const along = slices.map(() => new Float64Array(rows));
  const errors = new Float64Array(rows);
  const norms = new Float64Array(rows);
  const kept: number[] = [];
  const unit = new Float64Array(dimension);
  for (let row = 0; row < rows; row++) {
    const norm = unitInto(unit, values, row);
    if (norm === 0) continue;
    const at = kept.push(row) - 1;
    norms[at] = norm;
    for (let slice = 0; slice < slices.length; slice++) along[slice]![at] = dot(slices[slice]!.direction, unit);
    let rest = 1 + own - 2 * dot(centroid, unit);
    for (let k = 0; k < components.length; k++) rest -= (dot(components[k]!, unit) - centers[k]!) ** 2;
    errors[at] = Math.sqrt(Math.max(0, rest));
  }
  const count = kept.length;
  return {
    kept,
    along: along.map((own) => own.subarray(0, count)),
    errors: errors.subarray(0, count),
    norms: norms.subarray(0, count),
  };
}

/** The direction of a row, and its length; 0 for zeros. */
export function unitInto(unit: Float64Array, values: Float32Array, row: number): number {
  const from = row * unit.length;
  let squares = 0;
  for (let j = 0; j < unit.length; j++) squares += values[from + j]! ** 2;
  const norm = Math.sqrt(squares);
  if (norm > 0) for (let j = 0; j < unit.length; j++) unit[j] = values[from + j]! / norm;
  return norm;
}

/** Mean direction of some rows, none of them zeros; zeros without rows. */
export function meanDirection(values: Float32Array, rows: readonly number[], dimension: number): Float64Array {
  const mean = new Float64Array(dimension);
  const unit = new Float64Array(dimension);
  for (const row of rows) {
    unitInto(unit, values, row);
    for (let j = 0; j < dimension; j++) mean[j]! += unit[j]! / rows.length;
  }
  return mean;
}
