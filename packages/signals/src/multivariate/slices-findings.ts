import type { Target } from "@tidemark/schema";
import { attr, metric } from "@tidemark/semconv";
import type { SlicesVerdict } from "@tidemark/stats";
import { createFinding } from "../finding.ts";
import type { Finding } from "../window-aggregate.ts";

const CRITICAL_LOG_EVIDENCE = Math.log(1000);

interface JudgedSlices {
  readonly target: Target;
  /** Not of too few rows. */
  readonly verdict: SlicesVerdict;
  readonly note: string;
  /** What the verdict rests on, beside the evidence. */
  readonly numbers: Readonly<Record<string, number>>;
  /** A user's line: the effect's lower bound and what it must reach. */
  readonly threshold?: { readonly effect: number; readonly value: number } | undefined;
}

/**
 * `ml.drift.severity` with the verdict on a joint distribution, and `ml.drift.evidence`. Severity: ln e / ln 1000, at least 0, and 0 where
 * the change is proved negligible; with a user's line the effect over it, and no level below it.
 */
export function slicesFindings({ target, verdict, note, numbers, threshold }: JudgedSlices): Finding[] {
  const reading = { target, attributes: { [attr.driftReading]: "window" }, count: verdict.rows };
  const { psi, psiLower, psiUpper } = verdict.verdict;
  const isBelow = threshold !== undefined && threshold.effect < threshold.value;
  return [
    createFinding({
      ...reading,
      metric: metric.driftSeverity,
      value: severityOf(verdict, threshold),
      state: isBelow ? "ok" : verdict.state,
      threshold: 1,
      evidence: {
        numbers: {
          logEvidence: verdict.logEvidence,
          directions: verdict.evidences.length,
          ...(psi === null || psiLower === null || psiUpper === null ? {} : { psi, psiLower, psiUpper }),
          ...numbers,
        },
        note: isBelow ? "" : note,
        bins: null,
      },
    }),
    createFinding({
      ...reading,
      metric: metric.driftEvidence,
      value: verdict.logEvidence,
      threshold: CRITICAL_LOG_EVIDENCE,
    }),
  ];
}

function severityOf({ verdict, logEvidence }: SlicesVerdict, threshold: JudgedSlices["threshold"]): number {
  if (threshold !== undefined && threshold.value > 0) return threshold.effect / threshold.value;
  return verdict.practical ? Math.max(0, logEvidence / CRITICAL_LOG_EVIDENCE) : 0;
}
