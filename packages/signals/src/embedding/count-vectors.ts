import type { EmbeddingProfile } from "@tidemark/schema";
import { binOf } from "@tidemark/stats";
import { meanDirection, placeVectors, unitInto } from "./place-vectors.ts";
import { dot, profileGeometry } from "./vector-geometry.ts";
import type { VectorSample } from "./vector-sample.ts";

/** A window's vectors as counts of the profile's bins, and where their centre lies. */
export interface VectorCounts {
  /** Vectors that have a direction. */
  readonly rows: number;
  /** The rows of the sample that they are. */
  readonly kept: readonly number[];
  /** Vectors of zeros. */
  readonly zero: number;
  /** The most rows that share one vector. */
  readonly repeated: number;
  /** Ids of the rows that the components reconstruct worst, the worst first. */
  readonly farthest: readonly string[];
  /** By direction of the profile. */
  readonly slices: readonly (readonly number[])[];
  readonly norm: { readonly counts: readonly number[]; readonly mean: number };
  readonly errors: readonly number[];
  /** Mean direction; zeros without rows. */
  readonly mean: Float64Array;
  /** Mean squared distance of the directions from it (n - 1). */
  readonly variance: number;
  /** Variance of the rows along the line from the reference's centroid to the mean, times its squared length. */
  readonly alongShift: number;
}

const FARTHEST = 3;

const known = new WeakMap<VectorSample, VectorCounts>();

/** Counts a window's vectors on the profile's bins, once. Pure: the same rows give the same bits. */
export function countVectors(profile: EmbeddingProfile, sample: VectorSample): VectorCounts {
  let counts = known.get(sample);
  if (counts === undefined) {
    counts = count(profile, sample);
    known.set(sample, counts);
  }
  return counts;
}

function count(profile: EmbeddingProfile, { rows, values, ids }: VectorSample): VectorCounts {
  const geometry = profileGeometry(profile);
  const placed = placeVectors(geometry, values);
  const found = placed.kept.length;
  const mean = meanDirection(values, placed.kept, profile.dimension);
  const unit = new Float64Array(profile.dimension);
  const shift = mean.map((value, j) => value - geometry.centroid[j]!);
  const center = dot(shift, mean);
  let alongShift = 0;
  for (const row of placed.kept) {
    unitInto(unit, values, row);
    alongShift += (dot(shift, unit) - center) ** 2;
  }
  const unbiased = Math.max(1, found - 1);
  return {
    rows: found,
    kept: placed.kept,
    zero: rows - found,
    repeated: largestGroup(values, profile.dimension, placed.kept),
    farthest: farthestOf(placed.errors).map((at) => ids[placed.kept[at]!]!),
    slices: profile.slices.map(({ boundaries }, slice) => counted(boundaries, placed.along[slice]!)),
    norm: {
      counts: counted(profile.norm.boundaries, placed.norms),
      mean: placed.norms.reduce((sum, norm) => sum + norm, 0) / Math.max(1, found),
    },
    errors: counted(profile.errors.boundaries, placed.errors),
    mean,
    variance: (Math.max(0, 1 - dot(mean, mean)) * found) / unbiased,
    alongShift: alongShift / unbiased,
  };
}

function counted(boundaries: readonly number[], values: Float64Array): number[] {
  const counts = new Array<number>(boundaries.length + 1).fill(0);
  for (const value of values) counts[binOf(boundaries, value)]! += 1;
  return counts;
}

function farthestOf(errors: Float64Array): number[] {
  const order = Array.from(errors, (_error, at) => at).sort((a, b) => errors[b]! - errors[a]! || a - b);
  return order.slice(0, FARTHEST);
}

/** Rows of the most common vector. */
function largestGroup(values: Float32Array, dimension: number, rows: readonly number[]): number {
  const groups = new Map<string, number>();
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  let most = 0;
  for (const row of rows) {
    const key = bytes.toString("latin1", 4 * row * dimension, 4 * (row + 1) * dimension);
    const size = (groups.get(key) ?? 0) + 1;
    groups.set(key, size);
    most = Math.max(most, size);
  }
  return most;
}
