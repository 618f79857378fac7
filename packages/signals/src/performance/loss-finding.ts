import { metric } from "@tidemark/semconv";
import { meanEstimate } from "@tidemark/stats";
import { createFinding } from "../finding.ts";
import type { Finding, JudgeContext, WindowAggregate } from "../window-aggregate.ts";
import { outcomeMaturity } from "./outcome-coverage.ts";
import { referenceLoss } from "./task-loss.ts";

/**
 * The window's mean loss, which the harmful-shift verdict adds up over windows; without a value while no outcome is known.
 * Null where the reference has no loss, or the window no prediction.
 */
export function lossFinding(aggregate: WindowAggregate, { profile, config }: JudgeContext): Finding | null {
  const loss = referenceLoss(profile);
  if (loss === null || aggregate.predictions <= 0) return null;
  const { labelled } = aggregate;
  // Rows without a loss keep the weight 0.
  const values = new Float64Array(labelled.length);
  const weights = new Float64Array(labelled.length);
  const squaredWeights = new Float64Array(labelled.length);
  const sums = { count: 0, weight: 0, squared: 0, squares: 0 };
  labelled.forEach((group, i) => {
    const value = loss.of(group, group);
    if (value === null) return;
    values[i] = value;
    weights[i] = group.weight * group.count;
    squaredWeights[i] = group.weight * weights[i]!;
    sums.count += group.count;
    sums.weight += weights[i]!;
    sums.squared += squaredWeights[i]!;
    sums.squares += weights[i]! * value * value;
  });
  const { value, lower, upper } = meanEstimate({ values, weights, squaredWeights });
  return createFinding({
    target: { kind: "prediction", name: `${loss.name}_loss` },
    metric: metric.performanceLoss,
    value,
    lower,
    upper,
    evidence: {
      numbers: {
        meanSquare: sums.weight > 0 ? sums.squares / sums.weight : 0,
        maturity: outcomeMaturity(aggregate, config.performance),
      },
      note: "",
      bins: null,
    },
    count: sums.count,
    effective: sums.squared > 0 ? sums.weight ** 2 / sums.squared : 0,
  });
}
