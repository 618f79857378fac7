import { attr } from "@tidemark/semconv";
import { createFinding } from "../finding.ts";
import { MINIMUM_WINDOW_ROWS } from "../minimum-rows.ts";
import type { Finding, JudgeContext, WindowAggregate } from "../window-aggregate.ts";
import { classProbabilityScores } from "./class-probability-scores.ts";
import { disparityFinding, type SegmentEstimate } from "./disparity.ts";
import { type RealizedScores, realizedScores } from "./realized-scores.ts";
import { SCORES, type ScoreKey } from "./score-table.ts";
import type { ScoredTask } from "./scored-task.ts";

/** Published by segment; every other score only by its gap. */
const PUBLISHED: ReadonlySet<ScoreKey> = new Set([
  ...(Object.keys(SCORES) as ScoreKey[]).filter((key) => SCORES[key].byDefault),
  "precision",
  "recall",
  "predictionRate",
  "outcomeRate",
  "businessValue",
]);

/**
 * The scores of every configured segment with at least 50 effective rows, which only describe, and the gap of each score
 * between the segments of one name.
 */
export function segmentFindings(aggregate: WindowAggregate, context: JudgeContext, task: ScoredTask): Finding[] {
  const scored = aggregate.segments
    .flatMap(({ name, value, labelled }) => {
      const probable = classProbabilityScores(task, aggregate, { name, value });
      const parts = [realizedScores(task, labelled), ...(probable === null ? [] : [probable])];
      return parts.map((realized) => ({ name, value, realized }));
    })
    .filter(({ realized }) => realized.effective >= MINIMUM_WINDOW_ROWS);
  return [...Map.groupBy(scored, ({ name }) => name)].flatMap(([name, segments]) => [
    ...segments.flatMap(({ value, realized }) => publishedOf(name, value, realized)),
    ...gapsOf(name, segments, context),
  ]);
}

function publishedOf(name: string, value: string, realized: RealizedScores): Finding[] {
  return realized.scores.flatMap(([key, estimate]) =>
    !PUBLISHED.has(key) || estimate.value === null
      ? []
      : [
          createFinding({
            target: { kind: "segment", name: SCORES[key].name },
            metric: SCORES[key].metric,
            attributes: {
              [attr.estimateSource]: "realized",
              [attr.segmentName]: name,
              [attr.segmentValue]: value,
            },
            value: estimate.value,
            lower: estimate.lower,
            upper: estimate.upper,
            count: realized.rows,
            effective: realized.effective,
          }),
        ],
  );
}

function gapsOf(
  name: string,
  segments: readonly { readonly value: string; readonly realized: RealizedScores }[],
  context: JudgeContext,
): Finding[] {
  const byScore = new Map<ScoreKey, SegmentEstimate[]>();
  for (const { value, realized } of segments) {
    for (const [key, estimate] of realized.scores) {
      const known = byScore.get(key) ?? [];
      known.push({ segment: value, estimate, effective: realized.effective });
      byScore.set(key, known);
    }
  }
  return [...byScore].flatMap(
    ([key, estimates]) => disparityFinding(name, SCORES[key].name, estimates, context.config.fairness) ?? [],
  );
}
