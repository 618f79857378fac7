import { type EmbeddingProfile, MAX_SLICES } from "@tidemark/schema";
import { seededUniform } from "@tidemark/stats";
import { floatsOf } from "../estimation/packed-values.ts";

/** What vectors of one feature are placed by. */
export interface VectorGeometry {
  readonly dimension: number;
  /** Mean direction of the reference. */
  readonly centroid: Float64Array;
  /** Unit vectors, by falling variance. */
  readonly components: readonly Float64Array[];
  /** Unit vectors that directions are counted along: the centroid's own, the components, then random ones. */
  readonly slices: readonly Slice[];
}

interface Slice {
  /** In words, as in "changed most along its mean direction". */
  readonly name: string;
  readonly direction: Float64Array;
}

/** Random directions a dimension that the components leave: more of them only repeat each other. */
const RANDOM_PER_DIMENSION = 4;
/** A shorter mean has no direction of its own. */
const LEAST_CENTROID = 1e-6;

/**
 * The directions of a reference: its mean direction, its components, and up to 40 in all random ones. Those are signs from a fixed seed, less
 * their part along the components: one dominant direction, as text embeddings have, would else drown what moves beside it. They are not
 * stored, as the seed gives them again.
 */
export function vectorGeometry(
  centroid: Float64Array,
  components: readonly Float64Array[],
  seed: number,
): VectorGeometry {
  const dimension = centroid.length;
  const length = Math.sqrt(dot(centroid, centroid));
  const mean = length < LEAST_CENTROID ? [] : [{ name: "its mean direction", direction: scaled(centroid, 1 / length) }];
  const own = components.map((direction, k) => ({ name: `its principal component ${k + 1}`, direction }));
  const left = dimension - components.length;
  const random = Math.min(MAX_SLICES - mean.length - own.length, RANDOM_PER_DIMENSION * left);
  const uniform = seededUniform(seed);
  const slices = [...mean, ...own];
  for (let k = 0; k < random; k++) {
    const signs = Float64Array.from({ length: dimension }, () => (uniform() < 0.5 ? -1 : 1));
    for (const component of components) {
      const along = dot(signs, component);
      for (let j = 0; j < dimension; j++) signs[j]! -= along * component[j]!;
    }
    const rest = Math.sqrt(dot(signs, signs));
    // Signs of few dimensions may lie within the components.
    if (rest > LEAST_CENTROID) slices.push({ name: `random direction ${k + 1}`, direction: scaled(signs, 1 / rest) });
  }
  return { dimension, centroid, components, slices };
}

const known = new WeakMap<EmbeddingProfile, VectorGeometry>();

/** The geometry that a profile keeps, built once. */
export function profileGeometry(profile: EmbeddingProfile): VectorGeometry {
  let geometry = known.get(profile);
  if (geometry === undefined) {
    geometry = vectorGeometry(
      Float64Array.from(floatsOf(profile.centroid)),
      vectorsOf(floatsOf(profile.components), profile.dimension),
      profile.seed,
    );
    known.set(profile, geometry);
  }
  return geometry;
}

function vectorsOf(values: Float32Array, dimension: number): Float64Array[] {
  return Array.from({ length: values.length / dimension }, (_, k) =>
    Float64Array.from(values.subarray(k * dimension, (k + 1) * dimension)),
  );
}

/** Inner product, in the order of the elements: the same vectors give the same bits. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!;
  return sum;
}

function scaled(vector: Float64Array, factor: number): Float64Array {
  return vector.map((value) => value * factor);
}
