import type { ModelConfig, ProfileField, Target } from "@tidemark/schema";
import { attr, type MonitorState, metric } from "@tidemark/semconv";
import type { WindowVerdict } from "@tidemark/stats";
import { createFinding } from "../finding.ts";
import { MINIMUM_REFERENCE_ROWS, MINIMUM_WINDOW_ROWS } from "../minimum-rows.ts";
import { percentText } from "../number-text.ts";
import { type Share, wilsonShare } from "../wilson-share.ts";
import type { FieldCounts, Finding } from "../window-aggregate.ts";
import { compareRule } from "./rule-comparison.ts";
import type { QualityRule } from "./rules.ts";

/** Growth of a share over the reference's below this is nobody's business, however significant. */
const PRACTICAL_GROWTH = 0.01;

interface JudgeRuleOptions {
  readonly field: ProfileField;
  readonly counts: FieldCounts;
  readonly rule: QualityRule;
  /** Independent rows per counted row, in (0, 1]. */
  readonly scale: number;
  readonly quality: ModelConfig["quality"];
  /** Length of the window, milliseconds. */
  readonly windowMs: number;
}

/**
 * Share of a field's values that broke one rule, with Wilson's interval, against the reference's share.
 *
 * The line is the reference's share plus one percentage point, or the share that is allowed (`quality.allowed`, or by
 * the rule itself) where that is higher. Up to the line all is ok. Beyond it, `warning`: the e-value or the score test of the two bins (kept, broken)
 * says that the share changed. `critical`: the e-value is at least 1000 and the whole interval is beyond the line.
 * Only growth counts: fewer violations than in the reference are never a fault.
 * Null where the window has no value of the field.
 */
export function judgeRule({ field, counts, rule, scale, quality, windowMs }: JudgeRuleOptions): Finding | null {
  const { rows, broken } = rule.violations(counts);
  const share = wilsonShare(broken * scale, rows * scale);
  if (share === null) return null;
  const comparison = compareRule(field, counts, rule, scale, windowMs);
  const { referenceShare } = comparison;
  const configured = field.target === "feature" ? quality.allowed[field.name]?.[rule.name] : undefined;
  const allowed = configured ?? rule.accepted;
  const line = Math.max(referenceShare + PRACTICAL_GROWTH, allowed);
  const isEnough = rows * scale >= MINIMUM_WINDOW_ROWS && comparison.referenceRows >= MINIMUM_REFERENCE_ROWS;
  const verdict = isEnough && share.value > line ? comparison.judge() : null;
  const target: Target = { kind: field.target, name: field.name };
  return createFinding({
    target,
    metric: metric.dataQualityShare,
    attributes: { [attr.qualityRule]: rule.name },
    ...share,
    state: isEnough ? stateOf(verdict, share, line) : "insufficient_data",
    threshold: line,
    evidence: {
      numbers: {
        violations: broken,
        referenceShare,
        ...(verdict === null ? {} : { logEvidence: verdict.logEvidence, pValue: verdict.pValue }),
      },
      note: `warns above ${percentText(line)}; the reference has ${percentText(referenceShare)}`,
      bins: null,
    },
    count: rows,
    effective: rows * scale,
  });
}

/** @param verdict null where the share is not beyond the line. */
function stateOf(verdict: WindowVerdict | null, share: Share, line: number): MonitorState {
  if (verdict === null || verdict.state === "ok") return "ok";
  return verdict.state === "critical" && share.lower > line ? "critical" : "warning";
}
