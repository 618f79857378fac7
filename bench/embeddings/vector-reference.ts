import { modelConfigSchema, type Profile } from "@tidemark/schema";
import {
  type Finding,
  type JudgeContext,
  judgeAggregate,
  type KeptWindow,
  type WindowAggregate,
  windowCounts,
} from "@tidemark/signals";
import { referenceEmbedding } from "../../packages/processor/src/profile/reference-embedding.ts";
import type { DrawnVectors } from "./vector-worlds.ts";

/** The profile that `tidemark profile` makes of vectors, without the engine that reads them from a file. */
export function profileOfVectors({ values, hours }: DrawnVectors, dimension: number, hasTime: boolean): Profile {
  const rows = hours.length;
  const embedding = referenceEmbedding({ name: "v", dimension, rows, missing: 0 }, { values, hours }, hasTime);
  if (embedding === null) throw new Error(`${rows} vectors make no reference`);
  return {
    format: "tidemark.profile/1",
    id: `sha256:${"0".repeat(64)}`,
    model: { name: "m", version: "1", type: "embedding" },
    source: { rows, start: null, end: null },
    season: null,
    positiveLabel: null,
    fields: [],
    performance: {},
    embeddings: [embedding],
  };
}

/** The findings of drift on a window of vectors, as the processor would have them. */
export function judgeVectors(
  profile: Profile,
  { values, hours }: DrawnVectors,
  dimension: number,
  windowMs: number,
): readonly Finding[] {
  return judgeAggregate(aggregateOf({ values, hours }, dimension, windowMs), contextOf(profile)).drift;
}

/** What the processor keeps of a window of vectors, for the windows after it. */
export function keepVectors(
  profile: Profile,
  drawn: DrawnVectors,
  dimension: number,
  windowMs: number,
): readonly KeptWindow[] {
  return windowCounts(aggregateOf(drawn, dimension, windowMs), contextOf(profile));
}

function contextOf(profile: Profile): JudgeContext {
  return { profile, config: modelConfigSchema.parse({ name: "m", profile: "profile.json" }), configId: "" };
}

function aggregateOf({ values, hours }: DrawnVectors, dimension: number, windowMs: number): WindowAggregate {
  const rows = hours.length;
  const ids = Array.from({ length: rows }, (_, row) => `${row}`);
  const sample = { name: "v", dimension, rows, values, hours, ids, missing: 0, wrongDimension: 0, nonFinite: 0 };
  return {
    tenant: "default",
    model: "m",
    version: "1",
    role: "champion",
    window: { name: "24h", startMs: 0, endMs: windowMs },
    predictions: rows,
    effectivePredictions: rows,
    earlierPredictions: [],
    fields: [],
    labelled: [],
    segments: [],
    outcomes: { delaySeconds: null, late: 0, duplicate: 0, corrected: 0, conflict: 0 },
    service: null,
    embeddings: [sample],
  };
}
