import type { Target } from "@tidemark/schema";
import { attr, type MonitorState, metric, type QualityRuleName } from "@tidemark/semconv";
import type { WindowVerdict } from "@tidemark/stats";
import { createFinding } from "../finding.ts";
import { MINIMUM_REFERENCE_ROWS, MINIMUM_WINDOW_ROWS } from "../minimum-rows.ts";
import { percentText } from "../number-text.ts";
import { type Share, wilsonShare } from "../wilson-share.ts";
import type { Finding } from "../window-aggregate.ts";

/** Growth of a share over the reference's below this is nobody's business, however significant. */
const PRACTICAL_GROWTH = 0.01;

interface JudgeShareOptions {
  readonly target: Target;
  readonly rule: QualityRuleName;
  readonly rows: number;
  readonly broken: number;
  /** Share that is accepted whatever the reference had. */
  readonly allowed: number;
  readonly referenceRows: number;
  readonly referenceShare: number;
  /** Whether the share changed; asked only beyond the line. */
  readonly judge: () => WindowVerdict;
}

/**
 * Share of values or rows that broke one rule, with Wilson's interval, against the reference's share.
 *
 * The line is the reference's share plus one percentage point, or the share that is allowed where that is higher. Up to the line all is
 * ok. Beyond it, `warning`: the e-value or the score test of the two bins (kept, broken)
 * says that the share changed. `critical`: the e-value is at least 1000 and the whole interval is beyond the line.
 * Only growth counts: fewer violations than in the reference are never a fault. Null without rows.
 */
export function judgeShare(options: JudgeShareOptions): Finding | null {
  const { target, rule, rows, broken, allowed, referenceRows, referenceShare } = options;
  const share = wilsonShare(broken, rows);
  if (share === null) return null;
  const line = Math.max(referenceShare + PRACTICAL_GROWTH, allowed);
  const isEnough = rows >= MINIMUM_WINDOW_ROWS && referenceRows >= MINIMUM_REFERENCE_ROWS;
  const verdict = isEnough && share.value > line ? options.judge() : null;
  return createFinding({
    target,
    metric: metric.dataQualityShare,
    attributes: { [attr.qualityRule]: rule },
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
    effective: rows,
  });
}

/** @param verdict null where the share is not beyond the line. */
function stateOf(verdict: WindowVerdict | null, share: Share, line: number): MonitorState {
  if (verdict === null || verdict.state === "ok") return "ok";
  return verdict.state === "critical" && share.lower > line ? "critical" : "warning";
}
