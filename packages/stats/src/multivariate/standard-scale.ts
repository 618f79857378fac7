import { sumOf } from "../descriptive/sum-of.ts";

/** Rows of numeric features; all of one length. A missing value is NaN. */
export type FeatureRows = readonly ArrayLike<number>[];

/** Mean and standard deviation (over n) of every feature. */
export interface StandardScale {
  readonly means: Float64Array;
  /** 1 where a feature does not vary. */
  readonly deviations: Float64Array;
}

/** @throws RangeError where there are fewer than two rows, lengths differ, a value is infinite, or a feature has no value. */
export function standardScaleOf(name: string, rows: FeatureRows): StandardScale {
  if (rows.length < 2) throw new RangeError(`${name} has ${rows.length} rows; expected at least two`);
  const dimensions = rows[0]!.length;
  if (dimensions === 0) throw new RangeError(`${name}[0] has no features; expected at least one`);
  requireRows(name, rows, dimensions);
  const means = new Float64Array(dimensions);
  const deviations = new Float64Array(dimensions);
  for (let j = 0; j < dimensions; j++) {
    const values = Float64Array.from(rows, (row) => row[j]!).filter((value) => !Number.isNaN(value));
    if (values.length === 0) throw new RangeError(`${name} has no value of feature ${j}; leave the feature out`);
    const mean = sumOf(values.length, (i) => values[i]!) / values.length;
    const deviation = Math.sqrt(sumOf(values.length, (i) => (values[i]! - mean) ** 2) / rows.length);
    if (!Number.isFinite(deviation)) throw new RangeError(`${name} has values of feature ${j} too large to square`);
    means[j] = mean;
    deviations[j] = deviation > 0 ? deviation : 1;
  }
  return { means, deviations };
}

/** @throws RangeError naming the row of another length, or its value that is infinite. */
export function requireRows(name: string, rows: FeatureRows, dimensions: number): void {
  rows.forEach((row, i) => {
    if (row.length !== dimensions)
      throw new RangeError(`${name}[${i}] has ${row.length} features; expected ${dimensions}`);
    for (let j = 0; j < dimensions; j++) {
      if (Math.abs(row[j]!) === Number.POSITIVE_INFINITY) throw new RangeError(`${name}[${i}][${j}] is ${row[j]}`);
    }
  });
}

/** The row in standard deviations from the mean; a missing value takes the mean. */
export function standardized(row: ArrayLike<number>, { means, deviations }: StandardScale): Float64Array {
  const scaled = new Float64Array(means.length);
  for (let j = 0; j < scaled.length; j++) {
    const value = row[j]!;
    if (!Number.isNaN(value)) scaled[j] = (value - means[j]!) / deviations[j]!;
  }
  return scaled;
}
