import type { ModelConfig, Target } from "@tidemark/schema";
import { attr, metric } from "@tidemark/semconv";
import type { WindowVerdict } from "@tidemark/stats";
import { createFinding } from "../finding.ts";
import type { Finding } from "../window-aggregate.ts";

/** Natural logarithm of the e-value that is critical (DETECTION 3). */
const CRITICAL_LOG_EVIDENCE = Math.log(1000);

/** Where a warning begins on the scale of severity: an e-value of 200. */
const WARNING_SEVERITY = Math.log(200) / CRITICAL_LOG_EVIDENCE;

/** A change whose PSI is proved below this (0.05 standard deviations) is negligible (DETECTION 7). */
const NEGLIGIBLE_PSI = 0.0025;

interface SeverityOptions {
  readonly target: Target;
  readonly verdict: WindowVerdict;
  readonly threshold: ModelConfig["drift"]["threshold"];
  readonly count: number;
  readonly effective: number;
  readonly note: string;
  readonly bins: Finding["evidence"]["bins"];
}

/**
 * How far a target is towards its alarm line, 1 being the line, with the verdict and all it rests on.
 *
 * With a user's threshold: the effect's lower bound over it. Else `ln e / ln 1000`, at least 0, and 0 where the change
 * is proved negligible; where the score test carries the verdict, at least the line of its state (1, warning 0.77). For the eye; alerts go by the state. Null where there are too few rows for a verdict.
 */
export function severityFinding(options: SeverityOptions): Finding {
  const { verdict, threshold } = options;
  return createFinding({
    target: options.target,
    metric: metric.driftSeverity,
    attributes: { [attr.driftReading]: "window" },
    value: verdict.state === "insufficient_data" ? null : severityOf(verdict, threshold),
    state: verdict.state,
    threshold: 1,
    evidence: { numbers: evidenceNumbers(verdict), note: options.note, bins: options.bins },
    count: options.count,
    effective: options.effective,
  });
}

/** The natural logarithm of the e-value as a measurement of its own. */
export function evidenceFinding(target: Target, verdict: WindowVerdict, count: number, effective: number): Finding {
  return createFinding({
    target,
    metric: metric.driftEvidence,
    attributes: { [attr.driftReading]: "window" },
    value: verdict.logEvidence,
    threshold: CRITICAL_LOG_EVIDENCE,
    count,
    effective,
  });
}

/** Severity without a verdict, and why there is none. */
export function unjudged(
  target: Target,
  state: "insufficient_data" | "no_data",
  note: string,
  count: number,
  bins: Finding["evidence"]["bins"] = null,
): Finding {
  return createFinding({
    target,
    metric: metric.driftSeverity,
    attributes: { [attr.driftReading]: "window" },
    value: null,
    state,
    threshold: 1,
    evidence: { numbers: {}, note, bins },
    count,
  });
}

function severityOf(verdict: WindowVerdict, threshold: ModelConfig["drift"]["threshold"]): number {
  const effect = threshold === undefined ? null : lowerEffect(verdict, threshold.metric);
  if (threshold !== undefined && threshold.value > 0 && effect !== null) return effect / threshold.value;
  if (verdict.psiUpper === null || verdict.psiUpper < NEGLIGIBLE_PSI) return 0;
  const least = verdict.state === "critical" ? 1 : verdict.state === "warning" ? WARNING_SEVERITY : 0;
  return Math.max(least, verdict.logEvidence / CRITICAL_LOG_EVIDENCE);
}

/** Lower bound of the effect; null where it does not exist (the location of categories). */
function lowerEffect(verdict: WindowVerdict, effect: "psi" | "js" | "location"): number | null {
  if (effect === "psi") return verdict.psiLower;
  if (effect === "js") return verdict.jsLower;
  return verdict.location === null ? null : Math.max(verdict.location.lower, -verdict.location.upper, 0);
}

function evidenceNumbers(verdict: WindowVerdict): Record<string, number> {
  const { location } = verdict;
  const numbers: Record<string, number | null | undefined> = {
    logEvidence: verdict.logEvidence,
    pValue: verdict.pValue,
    psi: verdict.psi,
    psiLower: verdict.psiLower,
    psiUpper: verdict.psiUpper,
    psiCorrected: verdict.psiCorrected,
    js: verdict.js,
    jsLower: verdict.jsLower,
    jsUpper: verdict.jsUpper,
    totalVariation: verdict.totalVariation,
    location: location?.value,
    locationLower: location?.lower,
    locationUpper: location?.upper,
  };
  if (verdict.state === "insufficient_data") return {};
  return Object.fromEntries(Object.entries(numbers).filter((entry): entry is [string, number] => entry[1] != null));
}
