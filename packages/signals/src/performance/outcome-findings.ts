import type { Target } from "@tidemark/schema";
import { attr, metric } from "@tidemark/semconv";
import { createFinding } from "../finding.ts";
import { wilsonShare } from "../wilson-share.ts";
import type { Finding, JudgeContext, WindowAggregate } from "../window-aggregate.ts";
import { outcomeCoverage, outcomeMaturity } from "./outcome-coverage.ts";
import type { RealizedScores } from "./realized-scores.ts";

/** How the truth came in: coverage, maturity, delay by quantile, and what became of outcomes that do not simply count. */
export function outcomeFindings(
  aggregate: WindowAggregate,
  context: JudgeContext,
  { unknownClass, wrongKind }: Pick<RealizedScores, "unknownClass" | "wrongKind">,
): readonly Finding[] {
  if (aggregate.predictions <= 0) return [];
  const { predictions: count, effectivePredictions: effective, outcomes } = aggregate;
  const known = outcomeCoverage(aggregate);
  const share = wilsonShare(known * effective, effective);
  const about = (name: string) => ({ target: { kind: "outcome", name } satisfies Target, count, effective });
  const { late, duplicate, corrected, conflict } = outcomes;
  const matched = aggregate.labelled.reduce((sum, group) => sum + group.count, 0);
  const states = { matched, late, duplicate, corrected, conflict, unknown_class: unknownClass, wrong_kind: wrongKind };
  const { median, p90, p99 } = outcomes.delaySeconds ?? {};
  return [
    createFinding({ ...about("coverage"), metric: metric.outcomeCoverage, ...(share ?? {}), value: known }),
    createFinding({
      ...about("maturity"),
      metric: metric.outcomeMaturity,
      value: outcomeMaturity(aggregate, context.config.performance),
      threshold: context.config.performance.minimumCoverage,
    }),
    ...Object.entries({ 0.5: median, 0.9: p90, 0.99: p99 }).flatMap(([quantile, value]) =>
      value === undefined
        ? []
        : [
            createFinding({
              ...about("delay"),
              metric: metric.outcomeDelay,
              attributes: { [attr.quantile]: quantile },
              value,
            }),
          ],
    ),
    ...Object.entries(states)
      .filter(([state, value]) => state === "matched" || value > 0)
      .map(([state, value]) =>
        createFinding({
          ...about("received"),
          metric: metric.outcomeCount,
          attributes: { [attr.outcomeResult]: state },
          value,
        }),
      ),
  ];
}
