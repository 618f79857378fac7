import type { CauseKind } from "@tidemark/schema";
import type { QualityRuleName } from "@tidemark/semconv";
import { attr, metric } from "@tidemark/semconv";
import { percentText } from "../number-text.ts";
import type { Finding } from "../window-aggregate.ts";
import { type FindSuspect, largestBy } from "./cause-context.ts";
import { renamedInputText } from "./renamed-input.ts";

/** A cause that is one data-quality rule broken by one feature: the one whose share grew most. */
function findRuleBreak(kind: CauseKind, rule: QualityRuleName, what: string): FindSuspect {
  return (of) => {
    const broken = of.raised.data_quality.filter(
      (finding) =>
        finding.metric === metric.dataQualityShare &&
        finding.target.kind === "feature" &&
        finding.attributes[attr.qualityRule] === rule,
    );
    const worst = largestBy(broken, growthOf);
    if (worst === undefined) return null;
    const before = worst.evidence.numbers["referenceShare"] ?? 0;
    return {
      touchedRatio: growthOf(worst),
      cause: {
        kind,
        target: worst.target.name,
        explanation:
          `${percentText(worst.value ?? 0)} of the values of ${worst.target.name} ${what}, ${percentText(before)} in the ` +
          `reference (${worst.evidence.numbers["violations"] ?? 0} of ${worst.count} values).${kind === "nulls" ? renamedInputText(of, worst.target.name) : ""}`,
      },
    };
  };
}

/** Values that stopped arriving. */
export const findNulls = findRuleBreak("nulls", "missing", "are missing");

/** Values of another type than declared. */
export const findTypeChange = findRuleBreak("type_change", "type_mismatch", "have the wrong type");

/** Categories that the reference never saw. */
export const findNewCategory = findRuleBreak("new_category", "unseen_category", "are categories never seen before");

function growthOf(finding: Finding): number {
  return (finding.value ?? 0) - (finding.evidence.numbers["referenceShare"] ?? 0);
}
