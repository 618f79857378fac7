import type { Measurement } from "@tidemark/schema";
import { attr, metric, type QualityRuleName } from "@tidemark/semconv";

/** Whether one of the rules was judged in the newest window whose data was checked; null where nothing was. */
export function isRuleJudged(
  measurements: readonly Measurement[],
  ...rules: readonly QualityRuleName[]
): boolean | null {
  const shares = measurements.filter((measurement) => measurement.metric === metric.dataQualityShare);
  const newest = shares
    .map(({ window }) => window.start)
    .toSorted()
    .at(-1);
  if (newest === undefined) return null;
  const names: readonly unknown[] = rules;
  return shares.some((share) => share.window.start === newest && names.includes(share.attributes[attr.qualityRule]));
}
