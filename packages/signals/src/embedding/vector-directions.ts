import type { EmbeddingProfile } from "@tidemark/schema";
import type { CountedDirection } from "../multivariate/slice-reference.ts";
import type { VectorCounts } from "./count-vectors.ts";
import { profileGeometry } from "./vector-geometry.ts";

/** What vectors are counted along: their length, their distance from the reconstruction, then the profile's directions. */
export function vectorDirections(
  profile: EmbeddingProfile,
): { readonly name: string; readonly counted: CountedDirection }[] {
  const { slices } = profileGeometry(profile);
  return [
    { name: "their length", counted: profile.norm },
    { name: "their distance from the principal components", counted: profile.errors },
    ...profile.slices.map((counted, k) => ({ name: slices[k]!.name, counted })),
  ];
}

/** A window's counts along them, in their order. */
export function vectorDirectionCounts({ norm, errors, slices }: VectorCounts): (readonly number[])[] {
  return [norm.counts, errors, ...slices];
}
