import type { EmbeddingProfile } from "@tidemark/schema";
import type { QualityRuleName } from "@tidemark/semconv";
import { judgeChange } from "../quality/judge-change.ts";
import { judgeShare } from "../quality/judge-share.ts";
import type { Finding, JudgeContext, WindowAggregate } from "../window-aggregate.ts";
import { countVectors } from "./count-vectors.ts";
import type { VectorSample } from "./vector-sample.ts";

/** Share of one vector from which a feature says nothing any more. */
const NEARLY_ALL = 0.99;

/**
 * Do vectors arrive whole? `ml.data_quality.share` by vector feature of the rules `missing`, `type_mismatch` (another number of elements),
 * `non_finite` (an element that is none), `zero_vector` and `constant` (one vector in nearly all rows).
 */
export function embeddingQuality(aggregate: WindowAggregate, { profile, config }: JudgeContext): Finding[] {
  return (profile.embeddings ?? []).flatMap((embedding) => {
    const sample = aggregate.embeddings?.find(({ name }) => name === embedding.name);
    if (sample === undefined) return [];
    const allowed = config.quality.allowed[embedding.name] ?? {};
    return rulesOf(embedding, sample).flatMap((rule) => judgeRule(embedding, rule, allowed[rule.name]) ?? []);
  });
}

interface VectorRule {
  readonly name: QualityRuleName;
  readonly accepted: number;
  readonly rows: number;
  readonly broken: number;
  readonly referenceBroken: number;
}

function rulesOf(embedding: EmbeddingProfile, sample: VectorSample): VectorRule[] {
  const { missing, wrongDimension, nonFinite } = sample;
  const { zero, repeated, rows: pointing } = countVectors(embedding, sample);
  const rows = sample.rows + missing + wrongDimension + nonFinite;
  const rule = (name: QualityRuleName, broken: number, referenceBroken = 0): VectorRule => ({
    name,
    accepted: 0,
    rows,
    broken,
    referenceBroken,
  });
  return [
    rule("missing", missing, embedding.states.missing),
    rule("type_mismatch", wrongDimension),
    rule("non_finite", nonFinite),
    rule("zero_vector", zero, embedding.states.zero),
    { name: "constant", accepted: NEARLY_ALL, rows: pointing, broken: repeated, referenceBroken: 0 },
  ];
}

function judgeRule(
  { name, states, missing }: EmbeddingProfile,
  { name: rule, accepted, rows, broken, referenceBroken }: VectorRule,
  allowed: number | undefined,
): Finding | null {
  const referenceRows = states.valid + states.zero + states.missing;
  return judgeShare({
    target: { kind: "embedding", name },
    rule,
    rows,
    broken,
    allowed: allowed ?? accepted,
    referenceRows,
    referenceShare: referenceBroken / referenceRows,
    judge: () =>
      judgeChange([{ rows, broken, referenceRows, referenceBroken }], { variance: missing.varianceInflation.rows }),
  });
}
