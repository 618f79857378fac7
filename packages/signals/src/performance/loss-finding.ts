import { metric } from "@tidemark/semconv";
import { meanEstimate } from "@tidemark/stats";
import { createFinding } from "../finding.ts";
import type { Finding, JudgeContext, WindowAggregate } from "../window-aggregate.ts";
import { groupWeights } from "./group-weights.ts";
import { outcomeMaturity } from "./outcome-coverage.ts";
import { referenceLoss } from "./task-loss.ts";

/**
 * The window's mean loss, which the harmful-shift verdict adds up over windows; without a value while no outcome is known.
 * Null where the reference has no loss, or the window no prediction.
 */
export function lossFinding(aggregate: WindowAggregate, { profile, config }: JudgeContext): Finding | null {
  const loss = referenceLoss(profile);
  if (loss === null || aggregate.predictions <= 0) return null;
  const losses: number[] = [];
  const weights: number[] = [];
  const squaredWeights: number[] = [];
  let count = 0;
  let weightedSquares = 0;
  for (const group of aggregate.labelled) {
    const value = loss.of(group, group);
    if (value === null) continue;
    const { weight, weightSquared } = groupWeights(group);
    losses.push(value);
    weights.push(weight);
    squaredWeights.push(weightSquared);
    count += group.count;
    weightedSquares += weight * value * value;
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const squares = squaredWeights.reduce((sum, weight) => sum + weight, 0);
  const { value, lower, upper } = meanEstimate({ values: losses, weights, squaredWeights });
  return createFinding({
    target: { kind: "prediction", name: `${loss.name}_loss` },
    metric: metric.performanceLoss,
    value,
    lower,
    upper,
    evidence: {
      numbers: {
        meanSquare: total > 0 ? weightedSquares / total : 0,
        maturity: outcomeMaturity(aggregate, config.performance),
      },
      note: "",
      bins: null,
    },
    count,
    effective: squares > 0 ? (total * total) / squares : 0,
  });
}
