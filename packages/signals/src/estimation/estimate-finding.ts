import { attr, type MonitorState } from "@tidemark/semconv";
import type { EstimateTrust, IntervalEstimate } from "@tidemark/stats";
import { createFinding } from "../finding.ts";
import { scoreLines, scoreState } from "../performance/score-lines.ts";
import { SCORES, type ScoreKey } from "../performance/score-table.ts";
import type { Finding, JudgeContext } from "../window-aggregate.ts";

/** Rows below which an estimate carries no verdict. */
const MIN_ROWS = 300;

const ESTIMATE_ASSUMPTION = "Assumes that the relation of outcome to features has not changed since the reference";

/** An estimated score of a window, and what its verdict rests on. */
export interface EstimatedScore {
  readonly key: ScoreKey;
  readonly estimate: IntervalEstimate;
  readonly rows: number;
  /** False where too few rows of a kind are expected for a verdict. */
  readonly isEnough: boolean;
  /** False where hardly any row of the reference is like the window's. */
  readonly hasOverlap: boolean;
  /** The score once the window's outcomes are known; null before. */
  readonly realized: number | null;
  /** How it came about, for the evidence. */
  readonly numbers: Readonly<Record<string, number>>;
}

/**
 * One `ml.performance.*` with `ml.estimate.source` = `blend`: what the window's score will be when its outcomes are known, with a 95 %
 * interval. Null where the score is not defined.
 *
 * The verdict is that of realised scores, whole interval beyond the line, with one more rule: `critical` only where the estimate is trusted
 * by its back-test and the reference overlaps the window; else it is a warning, and never pages. Once the window's own outcomes are known
 * the estimate only describes: the realised score decides.
 */
export function estimateFinding(
  { key, estimate, rows, isEnough, hasOverlap, realized, numbers }: EstimatedScore,
  { profile, config }: Pick<JudgeContext, "profile" | "config">,
): Finding | null {
  if (!Number.isFinite(estimate.value)) return null;
  const definition = SCORES[key];
  const lines = scoreLines(definition, profile.performance[definition.metric], config.performance);
  const state = lines === null || realized !== null ? null : judge();
  function judge(): MonitorState {
    const isSure = [estimate.lower, estimate.upper].every(Number.isFinite);
    if (rows < MIN_ROWS || !isEnough || !isSure) return "insufficient_data";
    const found = scoreState(definition, estimate, lines!);
    return found === "critical" && !(estimate.trust === "trusted" && hasOverlap) ? "warning" : found;
  }
  return createFinding({
    target: { kind: "prediction", name: definition.name },
    metric: definition.metric,
    attributes: { [attr.estimateSource]: "blend" },
    value: estimate.value,
    lower: estimate.lower,
    upper: estimate.upper,
    state,
    threshold: lines?.critical ?? lines?.warning ?? null,
    evidence: {
      numbers: {
        reference: profile.performance[definition.metric] ?? Number.NaN,
        warningLine: lines?.warning ?? Number.NaN,
        criticalLine: lines?.critical ?? Number.NaN,
        standardError: estimate.standardError,
        multiplier: estimate.multiplier,
        backTested: estimate.backTested,
        missed: estimate.missed,
        ...numbers,
        realized: realized ?? Number.NaN,
      },
      note: noteOf(estimate, hasOverlap, realized !== null),
      bins: null,
    },
    count: rows,
  });
}

const TRUST_TEXT: Readonly<Record<EstimateTrust, (tested: number, missed: number) => string>> = {
  unproven: (tested) => `Unproven: ${tested} of the 5 windows needed have been held against their outcomes`,
  trusted: (tested, missed) => `Trusted: ${tested - missed} of the last ${tested} intervals held the outcome`,
  untrusted: (tested, missed) => `Not trusted: ${missed} of the last ${tested} intervals missed the outcome`,
};

function noteOf({ trust, backTested, missed }: IntervalEstimate, hasOverlap: boolean, isMatured: boolean): string {
  const parts = [TRUST_TEXT[trust](backTested, missed), ESTIMATE_ASSUMPTION];
  if (!hasOverlap) parts.push("Hardly any row of the reference is like this window's, so weights were left out");
  if (isMatured) parts.push("The outcomes are known now: the realised score decides");
  return `${parts.join(". ")}.`;
}
