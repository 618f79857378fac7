import { attr, metric, OTHER_CATEGORY } from "@tidemark/semconv";
import { meanEstimate } from "@tidemark/stats";
import { createFinding } from "../finding.ts";
import type { Finding, JudgeContext, OutcomeGroup, WindowAggregate } from "../window-aggregate.ts";
import { outcomeMaturity } from "./outcome-coverage.ts";
import { referenceLoss, type TaskLoss } from "./task-loss.ts";

/**
 * The window's mean loss, and that of every value of the configured segments, which the harmful-shift verdicts add up over
 * windows. The whole has no value while no outcome is known. Empty where the reference has no loss, or the window no
 * prediction; values that share `_other_` are left out: they are others in every window.
 */
export function lossFindings(aggregate: WindowAggregate, { profile, config }: JudgeContext): Finding[] {
  const loss = referenceLoss(profile);
  if (loss === null || aggregate.predictions <= 0) return [];
  const maturity = outcomeMaturity(aggregate, config.performance);
  const whole = createFinding({
    target: { kind: "prediction", name: `${loss.name}_loss` },
    metric: metric.performanceLoss,
    ...meanLoss(loss, aggregate.labelled, { maturity }),
  });
  const segments = aggregate.segments
    .filter(({ value }) => value !== OTHER_CATEGORY)
    .map(({ name, value, labelled }) =>
      createFinding({
        target: { kind: "segment", name: `${loss.name}_loss` },
        metric: metric.performanceLoss,
        attributes: { [attr.segmentName]: name, [attr.segmentValue]: value },
        ...meanLoss(loss, labelled, {}),
      }),
    );
  return [whole, ...segments.filter(({ count }) => count > 0)];
}

function meanLoss(loss: TaskLoss, labelled: readonly OutcomeGroup[], more: Readonly<Record<string, number>>) {
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
  const meanSquare = sums.weight > 0 ? sums.squares / sums.weight : 0;
  return {
    value,
    lower,
    upper,
    evidence: { numbers: { meanSquare, ...more }, note: "", bins: null },
    count: sums.count,
    effective: sums.squared > 0 ? sums.weight ** 2 / sums.squared : 0,
  };
}
