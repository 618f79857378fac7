import type { Target } from "@tidemark/schema";
import { attr, metric } from "@tidemark/semconv";
import type { Estimate } from "@tidemark/stats";
import { createFinding } from "../finding.ts";
import { MINIMUM_WINDOW_ROWS } from "../minimum-rows.ts";
import { percentText } from "../number-text.ts";
import { wilsonShare } from "../wilson-share.ts";
import type { Finding, JudgeContext, Signal, WindowAggregate } from "../window-aggregate.ts";
import { outcomeCoverage } from "./outcome-coverage.ts";
import { type RealizedScores, realizedScores } from "./realized-scores.ts";
import { scoreLines, scoreState } from "./score-lines.ts";
import { SCORES, type ScoreDefinition } from "./score-table.ts";

/**
 * Is the model as good as on its reference, once outcomes are known?
 *
 * Per score one `ml.performance.*` with `ml.estimate.source` = `realized`; `ml.outcome.coverage` and
 * `ml.outcome.delay`. A verdict waits for `performance.minimumCoverage`: outcomes that come early are seldom typical.
 */
export const performanceSignal: Signal = {
  name: "performance",
  judge(aggregate, context) {
    const realized = realizedScores(context.profile, aggregate.labelled);
    const scores = realized.rows === 0 ? [] : realized.scores;
    return [
      ...scores.map(([key, estimate]) => scoreFinding(SCORES[key], estimate, { aggregate, context, realized })),
      ...coverage(aggregate),
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
  const lines = scoreLines(definition, reference, performance);
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

function waitingFor({ aggregate, context, realized }: Surroundings): string | null {
  const { minimumCoverage } = context.config.performance;
  const known = outcomeCoverage(aggregate);
  if (known < minimumCoverage) {
    return `waits until ${percentText(minimumCoverage)} of the outcomes are known; ${percentText(known)} are`;
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

function coverage(aggregate: WindowAggregate): Finding[] {
  if (aggregate.predictions <= 0) return [];
  const target: Target = { kind: "outcome", name: "coverage" };
  const known = outcomeCoverage(aggregate);
  const share = wilsonShare(known * aggregate.effectivePredictions, aggregate.effectivePredictions);
  const { predictions: count, effectivePredictions: effective, medianOutcomeDelaySeconds: delaySeconds } = aggregate;
  const findings = [
    createFinding({ target, metric: metric.outcomeCoverage, ...(share ?? {}), value: known, count, effective }),
  ];
  if (delaySeconds !== null) {
    const delayed: Target = { kind: "outcome", name: "delay" };
    findings.push(
      createFinding({ target: delayed, metric: metric.outcomeDelay, value: delaySeconds, count, effective }),
    );
  }
  return findings;
}
