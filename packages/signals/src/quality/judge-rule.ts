import type { ModelConfig, ProfileField, Target } from "@tidemark/schema";
import { attr, metric } from "@tidemark/semconv";
import { createDetectionReference, judgeWindow, type WindowPart, type WindowVerdict } from "@tidemark/stats";
import { totalOf } from "../field-of.ts";
import { createFinding } from "../finding.ts";
import { percentText } from "../number-text.ts";
import { type Share, wilsonShare } from "../wilson-share.ts";
import type { FieldCounts, Finding } from "../window-aggregate.ts";
import type { QualityRule } from "./rules.ts";

/** Growth of a share over the reference's below this is nobody's business, however significant. */
const PRACTICAL_GROWTH = 0.01;

interface JudgedShare {
  readonly verdict: WindowVerdict;
  /** The reference's share of broken values, at the window's mixture of season slots. */
  readonly referenceShare: number;
}

interface JudgeRuleOptions {
  readonly field: ProfileField;
  readonly counts: FieldCounts;
  readonly rule: QualityRule;
  /** Independent rows per counted row, in (0, 1]. */
  readonly scale: number;
  readonly quality: ModelConfig["quality"];
}

/**
 * Share of a field's values that broke one rule, with Wilson's interval, against the reference's share.
 *
 * The line is the reference's share plus one percentage point, or the configured `quality.allowedMissing` where that is
 * higher. `warning`: the e-value or the score test of the two bins (kept, broken) says that the share changed, and the
 * share is beyond the line. `critical`: the e-value is at least 1000 and the whole interval is beyond the line.
 * Only growth counts: fewer violations than in the reference are never a fault.
 * Null where the window has no value of the field.
 */
export function judgeRule({ field, counts, rule, scale, quality }: JudgeRuleOptions): Finding | null {
  const rows = totalOf(Object.values(counts.states));
  const broken = counts.states[rule];
  const share = wilsonShare(broken * scale, rows * scale);
  if (share === null) return null;
  const { verdict, referenceShare } = judgeShare({ field, counts, rule, scale });
  const allowed = rule === "missing" && field.target === "feature" ? (quality.allowedMissing[field.name] ?? 0) : 0;
  const line = Math.max(referenceShare + PRACTICAL_GROWTH, allowed);
  const target: Target = { kind: field.target, name: field.name };
  return createFinding({
    target,
    metric: metric.dataQualityShare,
    attributes: { [attr.qualityRule]: rule },
    ...share,
    state: stateOf(verdict, share, line),
    threshold: line,
    evidence: {
      numbers: {
        violations: broken,
        referenceShare,
        ...(verdict.state === "insufficient_data" ? {} : { logEvidence: verdict.logEvidence, pValue: verdict.pValue }),
      },
      note: `warns above ${percentText(line)}; the reference has ${percentText(referenceShare)}`,
      bins: null,
    },
    count: rows,
    effective: rows * scale,
  });
}

function stateOf(verdict: WindowVerdict, share: Share, line: number): Finding["state"] {
  if (verdict.state === "insufficient_data") return "insufficient_data";
  if (verdict.state === "ok" || share.value <= line) return "ok";
  return verdict.state === "critical" && share.lower > line ? "critical" : "warning";
}

/** Judged by season slot where the rule is counted by slot (missing values), else in one part. */
function judgeShare({ field, counts, rule, scale }: Omit<JudgeRuleOptions, "quality">): JudgedShare {
  const overall = part(
    [totalOf(Object.values(field.states)), field.states[rule]],
    [totalOf(Object.values(counts.states)), counts.states[rule]],
    scale,
  );
  const inflation = field.missing.varianceInflation;
  const slots = rule === "missing" && inflation.slots !== null ? missingBySlot(field, counts) : [];
  if (slots.length === 0 || inflation.slots === null) {
    const referenceRows = totalOf(Object.values(field.states));
    const referenceShare = referenceRows === 0 ? 0 : field.states[rule] / referenceRows;
    return { referenceShare, verdict: judgeWindow([overall], { variance: inflation.rows }) };
  }
  const rows = totalOf(slots.map((slot) => slot.rows));
  const referenceShare = totalOf(
    slots.map((slot) => (slot.rows / rows) * (slot.referenceMissing / slot.referenceRows)),
  );
  const referenceRows = 1 / totalOf(slots.map((slot) => (slot.rows / rows) ** 2 / slot.referenceRows));
  const missing = totalOf(slots.map((slot) => slot.missing));
  return {
    referenceShare,
    verdict: judgeWindow(
      slots.map((slot) => part([slot.referenceRows, slot.referenceMissing], [slot.rows, slot.missing], scale)),
      {
        variance: inflation.slots,
        overall: part([referenceRows, referenceRows * referenceShare], [rows, missing], scale),
      },
    ),
  };
}

interface SlotMissing {
  readonly rows: number;
  readonly missing: number;
  readonly referenceRows: number;
  readonly referenceMissing: number;
}

/** Rows and missing values by season slot present; the rows of a slot are its counted values and its missing ones. */
function missingBySlot(field: ProfileField, counts: FieldCounts): SlotMissing[] {
  const { slots } = field;
  const { slots: missing } = field.missing;
  if (slots === null || missing === null) return [];
  return counts.slots.flatMap((slot) => {
    const rows = totalOf(slot.counts) + slot.missing;
    const referenceMissing = missing[slot.slot] ?? 0;
    const referenceRows = totalOf(slots[slot.slot] ?? []) + referenceMissing;
    if (rows === 0 || referenceRows === 0) return [];
    return [{ rows, missing: slot.missing, referenceRows, referenceMissing }];
  });
}

/** Two bins, kept and broken, from rows and violations. */
function part(
  [referenceRows, referenceBroken]: readonly [number, number],
  [rows, broken]: readonly [number, number],
  scale: number,
): WindowPart {
  return {
    reference: createDetectionReference([referenceRows - referenceBroken, referenceBroken], "categorical"),
    counts: [(rows - broken) * scale, broken * scale],
  };
}
