import { attr } from "@tidemark/semconv";
import type { Estimate } from "@tidemark/stats";
import { createFinding } from "../finding.ts";
import { MINIMUM_WINDOW_ROWS } from "../minimum-rows.ts";
import { percentText } from "../number-text.ts";
import type { Finding, JudgeContext, Signal, WindowAggregate } from "../window-aggregate.ts";
import { classProbabilityScores } from "./class-probability-scores.ts";
import { lossFindings } from "./loss-findings.ts";
import { outcomeCoverage, outcomeMaturity } from "./outcome-coverage.ts";
import { outcomeFindings } from "./outcome-findings.ts";
import { type RealizedScores, realizedScores } from "./realized-scores.ts";
import { scoreLines, scoreState } from "./score-lines.ts";
import { SCORES, type ScoreDefinition } from "./score-table.ts";
import { scoredTask } from "./scored-task.ts";
import { segmentFindings } from "./segment-findings.ts";

/**
 * Is the model as good as on its reference, once outcomes are known?
 *
 * Per score one `ml.performance.*` with `ml.estimate.source` = `realized`; coverage, maturity, delay and states of the
 * outcomes; scores by segment and their gaps. A verdict waits for `performance.minimumCoverage` of the outcomes that are
 * expected: those that come early are seldom typical.
 */
export const performanceSignal: Signal = {
  name: "performance",
  judge(aggregate, context) {
    const task = scoredTask(context.profile, context.config.performance.value ?? null);
    const realized = realizedScores(task, aggregate.labelled);
    // Without an outcome only what carries a verdict speaks: it takes the last one back, and says that it knows nothing.
    const speaking = (from: RealizedScores) =>
      from.scores
        .filter(([key]) => from.rows > 0 || linesOf(SCORES[key], context) !== null)
        .map(([key, estimate]) => scoreFinding(SCORES[key], estimate, { aggregate, context, realized: from }));
    const probable = classProbabilityScores(task, aggregate);
    return [
      ...speaking(realized),
      ...(probable === null ? [] : speaking(probable)),
      ...lossFindings(aggregate, context),
      ...outcomeFindings(aggregate, context, realized),
      ...segmentFindings(aggregate, context, task),
    ];
  },
};

interface Surroundings {
  readonly aggregate: WindowAggregate;
  readonly context: JudgeContext;
  readonly realized: RealizedScores;
}

function scoreFinding(definition: ScoreDefinition, estimate: Estimate, around: Surroundings): Finding {
  const { performance } = around.context.config;
  const reference = around.context.profile.performance[definition.metric];
  const lines = linesOf(definition, around.context);
  const waiting = lines === null ? null : waitingFor(around);
  const state =
    lines === null ? null : waiting === null ? scoreState(definition, estimate, lines) : "insufficient_data";
  return createFinding({
    target: { kind: "prediction", name: definition.name },
    metric: definition.metric,
    attributes: { [attr.estimateSource]: "realized" },
    value: estimate.value,
    lower: estimate.lower,
    upper: estimate.upper,
    state,
    threshold: lines?.critical ?? lines?.warning ?? null,
    evidence: {
      numbers: {
        coverage: outcomeCoverage(around.aggregate),
        maturity: outcomeMaturity(around.aggregate, performance),
        ...(definition === SCORES.businessValue ? { total: (estimate.value ?? 0) * around.aggregate.predictions } : {}),
        ...named("reference", reference),
        ...named("warningLine", lines?.warning),
        ...named("criticalLine", lines?.critical),
        ...named("standardError", estimate.standardError),
      },
      note: noteOf(estimate, waiting),
      bins: null,
    },
    count: around.realized.rows,
    effective: around.realized.effective,
  });
}

function linesOf(definition: ScoreDefinition, { profile, config }: JudgeContext) {
  return scoreLines(definition, profile.performance[definition.metric], config.performance);
}

function waitingFor({ aggregate, context, realized }: Surroundings): string | null {
  const { minimumCoverage } = context.config.performance;
  const mature = outcomeMaturity(aggregate, context.config.performance);
  if (mature < minimumCoverage) {
    return `waits until ${percentText(minimumCoverage)} of the outcomes are known; ${percentText(mature)} are`;
  }
  if (realized.rows < MINIMUM_WINDOW_ROWS)
    return `needs ${MINIMUM_WINDOW_ROWS} rows with an outcome; there are ${realized.rows}`;
  return null;
}

function noteOf(estimate: Estimate, waiting: string | null): string {
  if (waiting !== null) return waiting;
  return estimate.value === null ? "the score does not exist on these rows: one class is missing" : "";
}

function named(name: string, value: number | null | undefined): Record<string, number> {
  return value === null || value === undefined ? {} : { [name]: value };
}
