import { normalQuantile, seededUniform } from "@tidemark/stats";

/** How a made-up window differs from the reference. */
export interface VectorChange {
  /** Added to every element of the first half, in standard deviations of the noise. */
  readonly shift?: number;
  /** Every element times it. */
  readonly scale?: number;
  /** Elements in the other order: another model with vectors of the same length. */
  readonly reversed?: boolean;
}

/** Normalised vectors with one dominant direction and three clusters, as text embeddings have. */
export function someVectors(
  rows: number,
  dimension: number,
  seed: number,
  { shift = 0, scale = 1, reversed = false }: VectorChange = {},
): number[][] {
  const uniform = seededUniform(seed);
  const normal = () => normalQuantile(uniform());
  const world = seededUniform(dimension);
  const fixed = () => Array.from({ length: dimension }, () => normalQuantile(world()));
  const dominant = fixed();
  const clusters = [fixed(), fixed(), fixed()];
  return Array.from({ length: rows }, () => {
    const weight = 2 + 0.5 * normal();
    const cluster = clusters[Math.floor(3 * uniform())]!;
    const vector = dominant.map(
      (value, j) => weight * value + 0.5 * cluster[j]! + normal() + (2 * j < dimension ? shift : 0),
    );
    const length = Math.hypot(...vector);
    const unit = vector.map((value) => (scale * value) / length);
    return reversed ? unit.reverse() : unit;
  });
}
