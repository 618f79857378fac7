import type { ProfileField, Target } from "@tidemark/schema";
import { metric } from "@tidemark/semconv";
import { eBenjaminiHochberg } from "@tidemark/stats";
import { embeddingFindings } from "../embedding/embedding-drift.ts";
import { fieldCountsOf, totalOf } from "../field-of.ts";
import { createFinding } from "../finding.ts";
import { MINIMUM_REFERENCE_ROWS, MINIMUM_WINDOW_ROWS } from "../minimum-rows.ts";
import { multivariateFindings } from "../multivariate/multivariate-drift.ts";
import { percentText } from "../number-text.ts";
import { outcomeCoverage } from "../performance/outcome-coverage.ts";
import type { FieldCounts, Finding, JudgeContext, Signal, WindowAggregate } from "../window-aggregate.ts";
import { binShares } from "./bin-shares.ts";
import { describedDistances } from "./described-distances.ts";
import { judgeField } from "./judge-field.ts";
import { describedReference } from "./seasonal-reference.ts";
import { evidenceFinding, severityFinding, unjudged } from "./severity.ts";

/** Share of false discoveries among the features flagged together (DETECTION 8). */
const FALSE_DISCOVERY_LEVEL = 0.05;

/**
 * Has a feature, the prediction or the outcome another distribution than in the reference?
 *
 * Per field: `ml.drift.severity` with the verdict, `ml.drift.evidence`, and the customary distances as described
 * values; for the whole model `ml.drift.feature.count`, the verdict on all features together (`multivariateFindings`), and one for each feature of vectors (`embeddingFindings`). Missing values are data quality's affair.
 */
export const driftSignal: Signal = {
  name: "drift",
  judge(aggregate, context) {
    const ignored = new Set(context.config.drift.ignore);
    const fields = context.profile.fields.filter((field) => !(field.target === "feature" && ignored.has(field.name)));
    const findings = fields.flatMap((field) => fieldFindings(field, aggregate, context));
    return [
      ...findings,
      featureCount(findings, aggregate),
      ...multivariateFindings(aggregate, context),
      ...embeddingFindings(aggregate, context),
    ];
  },
};

function fieldFindings(field: ProfileField, aggregate: WindowAggregate, context: JudgeContext): Finding[] {
  const target: Target = { kind: field.target, name: field.name };
  const counts = fieldCountsOf(aggregate, field);
  const rows = counts === null ? 0 : totalOf(counts.counts);
  if (counts === null || rows === 0) return [withoutValues(target, counts, aggregate)];
  const windowMs = aggregate.window.endMs - aggregate.window.startMs;
  const compared = describedReference(field, counts, windowMs);
  const distances = describedDistances(field, target, compared);
  const bins = binShares(field, compared);
  const waiting = field.target === "outcome" ? waitingForOutcomes(aggregate, context) : null;
  if (waiting !== null) return [unjudged(target, "insufficient_data", waiting, rows, bins), ...distances];

  const { threshold } = context.config.drift;
  const verdict = judgeField({ profile: context.profile, field, counts, windowMs, threshold });
  const note = verdict.state === "insufficient_data" ? tooFew(rows, field) : seasonNote(field);
  const severity = severityFinding({ target, verdict, threshold, count: rows, effective: rows, note, bins });
  if (verdict.state === "insufficient_data") return [severity, ...distances];
  return [severity, evidenceFinding(target, verdict, rows, rows), ...distances];
}

function withoutValues(target: Target, counts: FieldCounts | null, aggregate: WindowAggregate): Finding {
  if (target.kind === "outcome") return unjudged(target, "insufficient_data", "no outcome of this window is known", 0);
  if (aggregate.predictions === 0) return unjudged(target, "insufficient_data", "the window has no predictions", 0);
  const seen = counts === null ? 0 : totalOf(Object.values(counts.states));
  if (seen > 0) {
    return unjudged(target, "insufficient_data", `none of the ${seen} values is usable; see data quality`, 0);
  }
  return unjudged(target, "no_data", `${aggregate.predictions} predictions came without a value of it`, 0);
}

function waitingForOutcomes(aggregate: WindowAggregate, context: JudgeContext): string | null {
  const { minimumCoverage } = context.config.performance;
  const coverage = outcomeCoverage(aggregate);
  if (coverage >= minimumCoverage) return null;
  return `waits until ${percentText(minimumCoverage)} of the outcomes are known; ${percentText(coverage)} are`;
}

function tooFew(rows: number, field: ProfileField): string {
  return `a verdict needs ${MINIMUM_WINDOW_ROWS} values in the window and ${MINIMUM_REFERENCE_ROWS} in the reference; there are ${rows} and ${totalOf(field.counts)}`;
}

function seasonNote(field: ProfileField): string {
  return field.slots === null ? "" : "judged against the same hours of the reference's week";
}

function featureCount(findings: readonly Finding[], aggregate: WindowAggregate): Finding {
  const features = findings.filter(
    (finding) => finding.metric === metric.driftSeverity && finding.target.kind === "feature",
  );
  const judged = features.filter((finding) => finding.evidence.numbers["logEvidence"] !== undefined);
  const flagged = eBenjaminiHochberg(
    judged.map((finding) => finding.evidence.numbers["logEvidence"]!),
    FALSE_DISCOVERY_LEVEL,
  );
  return createFinding({
    target: { kind: "dataset", name: "features" },
    metric: metric.driftFeatureCount,
    value: features.filter((finding) => finding.state === "critical").length,
    evidence: {
      numbers: {
        features: features.length,
        judged: judged.length,
        warning: features.filter((finding) => finding.state === "warning").length,
        flaggedTogether: flagged.filter(Boolean).length,
      },
      note: "flaggedTogether: e-BH over all features at a false discovery rate of 5 %",
      bins: null,
    },
    count: aggregate.predictions,
    effective: aggregate.effectivePredictions,
  });
}
