import type { EmbeddingProfile, Profile, Target } from "@tidemark/schema";
import { countVectors } from "../embedding/count-vectors.ts";
import { vectorDirectionCounts, vectorDirections } from "../embedding/vector-directions.ts";
import { directionName, ERROR_NAME } from "../multivariate/direction-name.ts";
import { watchedPlaces } from "../multivariate/joint-stream.ts";
import { MULTIVARIATE } from "../multivariate/multivariate-drift.ts";
import type { CountedDirection } from "../multivariate/slice-reference.ts";
import type { JudgeContext, WindowAggregate } from "../window-aggregate.ts";

/** What is kept of a window's vectors, or of all its features together, to be held against other windows of the same profile. */
export interface KeptDirections {
  readonly target: "embedding" | "dataset";
  readonly name: string;
  /** Rows by bin of each direction of the profile; null along a feature that no row names. */
  readonly directions: readonly (readonly number[] | null)[];
}

/** A direction that rows are counted along, with the reference's counts. */
export interface NamedDirection {
  readonly name: string;
  readonly counted: CountedDirection;
  /** Whether the configuration leaves it in. */
  readonly isWatched: boolean;
}

/** A window's rows along the directions of the profile: about four kilobytes a vector feature, and as many for all features together. Pure. */
export function keptDirections(aggregate: WindowAggregate, context: JudgeContext): KeptDirections[] {
  const vectors = watchedEmbeddings(context).flatMap((embedding): KeptDirections[] => {
    const sample = aggregate.embeddings?.find(({ name }) => name === embedding.name);
    if (sample === undefined) return [];
    const counts = countVectors(embedding, sample);
    if (counts.rows === 0) return [];
    return [{ target: "embedding", name: embedding.name, directions: vectorDirectionCounts(counts) }];
  });
  const { multivariate: counts } = aggregate;
  const { multivariate: reference } = context.profile;
  if (counts === undefined || reference === undefined) return vectors;
  const present = new Set(watchedPlaces(reference, counts.absent));
  const all = [counts.errors.counts, ...counts.slices];
  const directions = all.map((own, place) => (present.has(place) ? own : null));
  return [...vectors, { target: "dataset", name: MULTIVARIATE.name, directions }];
}

/** What windows are held along, by target, in the order of what is kept of them. */
export function profileDirections(context: Pick<JudgeContext, "profile" | "config">): [Target, NamedDirection[]][] {
  const vectors = watchedEmbeddings(context).map((embedding): [Target, NamedDirection[]] => [
    { kind: "embedding", name: embedding.name },
    vectorDirections(embedding).map(({ name, counted }) => ({ name: `along ${name}`, counted, isWatched: true })),
  ]);
  const { multivariate } = context.profile;
  if (multivariate === undefined) return vectors;
  const watched = new Set(watchedPlaces(multivariate, context.config.drift.ignore));
  const joint = jointDirections(multivariate).map((each, place) => ({ ...each, isWatched: watched.has(place) }));
  return [...vectors, [MULTIVARIATE, joint]];
}

function jointDirections({ features, errors, slices }: NonNullable<Profile["multivariate"]>) {
  return [
    { name: ERROR_NAME, counted: errors },
    ...slices.map((slice) => ({ name: directionName(features, slice.direction), counted: slice })),
  ];
}

function watchedEmbeddings({ profile, config }: Pick<JudgeContext, "profile" | "config">): EmbeddingProfile[] {
  return (profile.embeddings ?? []).filter(({ name }) => !config.drift.ignore.includes(name));
}
