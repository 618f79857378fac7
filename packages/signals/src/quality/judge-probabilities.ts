import type { QualityRuleName } from "@tidemark/semconv";
import type { Finding, JudgeContext, WindowAggregate } from "../window-aggregate.ts";
import { judgeChange } from "./judge-change.ts";
import { judgeShare } from "./judge-share.ts";

/** Name of the target, and the key in `quality.allowed`. */
const PROBABILITIES = "probabilities";

/**
 * Are the probabilities of classes what they say? `ml.data_quality.share` of the predictions that tell some: one is no number (`non_finite`),
 * one is outside [0, 1] (`out_of_range`), or they do not sum to one (`probability_sum`). None is expected to, whatever the reference had.
 */
export function judgeProbabilities(
  { classProbabilities }: Pick<WindowAggregate, "classProbabilities">,
  { profile, config }: JudgeContext,
): Finding[] {
  if (classProbabilities === undefined) return [];
  const { states, effective } = classProbabilities;
  const { nonFinite, outOfRange, wrongSum } = states;
  const total = states.valid + nonFinite + outOfRange + wrongSum;
  const referenceRows = profile.source.rows;
  const broken: readonly (readonly [QualityRuleName, number])[] = [
    ["non_finite", nonFinite],
    ["out_of_range", outOfRange],
    ["probability_sum", wrongSum],
  ];
  return broken.flatMap(([rule, weight]) => {
    const counts = { rows: effective, broken: (weight / total) * effective, referenceRows, referenceBroken: 0 };
    const finding = judgeShare({
      target: { kind: "prediction", name: PROBABILITIES },
      rule,
      rows: counts.rows,
      broken: counts.broken,
      allowed: config.quality.allowed[PROBABILITIES]?.[rule] ?? 0,
      referenceRows,
      referenceShare: 0,
      judge: () => judgeChange([counts], { variance: [1, 1] }),
    });
    return finding ?? [];
  });
}
