import type { ModelConfig, ProfileField } from "@tidemark/schema";
import type { FieldCounts, Finding } from "../window-aggregate.ts";
import { judgeShare } from "./judge-share.ts";
import { compareRule } from "./rule-comparison.ts";
import type { QualityRule } from "./rules.ts";

interface JudgeRuleOptions {
  readonly field: ProfileField;
  readonly counts: FieldCounts;
  readonly rule: QualityRule;
  readonly quality: ModelConfig["quality"];
  /** Length of the window, milliseconds. */
  readonly windowMs: number;
}

/**
 * Share of a field's values that broke one rule against the reference's (`judgeShare`); what is allowed says `quality.allowed`, else
 * the rule itself. Null where the window has no value of the field.
 */
export function judgeRule({ field, counts, rule, quality, windowMs }: JudgeRuleOptions): Finding | null {
  const { rows, broken } = rule.violations(counts);
  if (rows === 0) return null;
  const comparison = compareRule(field, counts, rule, windowMs);
  const configured = field.target === "feature" ? quality.allowed[field.name]?.[rule.name] : undefined;
  return judgeShare({
    target: { kind: field.target, name: field.name },
    rule: rule.name,
    rows,
    broken,
    allowed: configured ?? rule.accepted,
    referenceRows: comparison.referenceRows,
    referenceShare: comparison.referenceShare,
    judge: comparison.judge,
  });
}
