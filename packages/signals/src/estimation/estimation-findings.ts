import { attr, type MonitorState } from "@tidemark/semconv";
import type { EstimatedMetric, EstimateTrust, MetricEstimate } from "@tidemark/stats";
import { createFinding } from "../finding.ts";
import { scoreLines, scoreState } from "../performance/score-lines.ts";
import { SCORES, type ScoreKey } from "../performance/score-table.ts";
import type { Finding, JudgeContext } from "../window-aggregate.ts";
import type { EstimatedWindow } from "./estimate-performance.ts";

const SCORE_OF: Readonly<Record<EstimatedMetric, ScoreKey>> = {
  accuracy: "accuracy",
  precision: "precision",
  recall: "recall",
  f1: "f1",
  roc_auc: "rocAuc",
  log_loss: "logLoss",
  brier: "brier",
  ece: "calibrationGap",
};

/** Rows, and expected rows of either outcome, below which an estimate carries no verdict. */
const MIN_ROWS = 300;
const MIN_EITHER = 10;

const ESTIMATE_ASSUMPTION = "Assumes that the relation of outcome to features has not changed since the reference";

/**
 * One `ml.performance.*` a metric with `ml.estimate.source` = `blend`: what the window's score will be when its outcomes are
 * known, with a 95 % interval. Pure.
 *
 * The verdict is that of realised scores, whole interval beyond the line, with one more rule: `critical` only where the
 * estimate is trusted by its back-test and the reference overlaps the window; else it is a warning, and never pages. Once the
 * window's own outcomes are known the estimate only describes: the realised score decides.
 */
export function estimationFindings(
  { estimate, matured, rows }: EstimatedWindow,
  { profile, config }: Pick<JudgeContext, "profile" | "config">,
): Finding[] {
  const asked = profile.estimation?.question === "right" ? (["accuracy"] as const) : ALL;
  return asked.flatMap((name) => {
    const own = estimate.metrics[name];
    if (!Number.isFinite(own.value)) return [];
    const definition = SCORES[SCORE_OF[name]];
    const lines = scoreLines(definition, profile.performance[definition.metric], config.performance);
    const state = lines === null || matured !== null ? null : judge();
    function judge(): MonitorState {
      const fewest = Math.min(estimate.expectedPositives, estimate.expectedNegatives);
      const tooFew = rows < MIN_ROWS || (profile.estimation?.question === "positive" && fewest < MIN_EITHER);
      if (tooFew || ![own.lower, own.upper].every(Number.isFinite)) return "insufficient_data";
      const found = scoreState(definition, own, lines!);
      return found === "critical" && !(own.trust === "trusted" && estimate.hasOverlap) ? "warning" : found;
    }
    return createFinding({
      target: { kind: "prediction", name: definition.name },
      metric: definition.metric,
      attributes: { [attr.estimateSource]: "blend" },
      value: own.value,
      lower: own.lower,
      upper: own.upper,
      state,
      threshold: lines?.critical ?? lines?.warning ?? null,
      evidence: {
        numbers: {
          reference: profile.performance[definition.metric] ?? Number.NaN,
          warningLine: lines?.warning ?? Number.NaN,
          criticalLine: lines?.critical ?? Number.NaN,
          standardError: own.standardError,
          multiplier: own.multiplier,
          backTested: own.backTested,
          missed: own.missed,
          calibrated: own.experts.calibrated,
          weighted: own.experts.weighted,
          outcomeModel: own.experts.outcome_model,
          domainAuc: estimate.domainAuc,
          effectiveShare: estimate.effectiveShare,
          realized: matured?.truth[name] ?? Number.NaN,
        },
        note: noteOf(own, estimate.hasOverlap, matured !== null),
        bins: null,
      },
      count: rows,
    });
  });
}

const ALL = Object.keys(SCORE_OF) as EstimatedMetric[];

const TRUST_TEXT: Readonly<Record<EstimateTrust, (tested: number, missed: number) => string>> = {
  unproven: (tested) => `Unproven: ${tested} of the 5 windows needed have been held against their outcomes`,
  trusted: (tested, missed) => `Trusted: ${tested - missed} of the last ${tested} intervals held the outcome`,
  untrusted: (tested, missed) => `Not trusted: ${missed} of the last ${tested} intervals missed the outcome`,
};

function noteOf({ trust, backTested, missed }: MetricEstimate, hasOverlap: boolean, isMatured: boolean): string {
  const parts = [TRUST_TEXT[trust](backTested, missed), ESTIMATE_ASSUMPTION];
  if (!hasOverlap) parts.push("Hardly any row of the reference is like this window's, so weights were left out");
  if (isMatured) parts.push("The outcomes are known now: the realised score decides");
  return `${parts.join(". ")}.`;
}
