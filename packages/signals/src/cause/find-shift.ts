import type { FirstCause } from "@tidemark/schema";
import { metric } from "@tidemark/semconv";
import { numberText } from "../number-text.ts";
import type { Finding } from "../window-aggregate.ts";
import { type CauseContext, isRaised, largestBy } from "./cause-context.ts";

/**
 * The world changed rather than the data pipeline: `covariate_shift` naming the feature with the strongest drift when
 * features drift; `concept_shift` when performance or the outcome moved while no feature did; else `unknown`.
 */
export function findShift(of: CauseContext): FirstCause {
  return covariateShift(of) ?? conceptShift(of) ?? unknownCause(of);
}

function covariateShift({ findings }: CauseContext): FirstCause | null {
  const drifted = raisedDrift(findings.drift, "feature");
  const critical = drifted.filter((finding) => finding.state === "critical");
  const strongest = largestBy(critical.length > 0 ? critical : drifted, (finding) => finding.value ?? 0);
  if (strongest === undefined) return null;
  return {
    kind: "covariate_shift",
    target: strongest.target.name,
    explanation:
      `${strongest.target.name} drifted most of ${drifted.length} drifting ` +
      `${drifted.length === 1 ? "feature" : "features"}: ${driftText(strongest)}.`,
  };
}

function conceptShift({ findings }: CauseContext): FirstCause | null {
  const fallen = findings.performance.filter(isRaised);
  const worst = fallen.find((finding) => finding.state === "critical") ?? fallen[0];
  if (worst !== undefined) {
    const { reference } = worst.evidence.numbers;
    const before = reference === undefined ? "" : `, ${numberText(reference)} on the reference`;
    return {
      kind: "concept_shift",
      target: worst.target.name,
      explanation:
        `${worst.target.name} is ${numberText(worst.value ?? 0)}${before}, while no feature drifted: ` +
        "the relation of outcome to features has changed.",
    };
  }
  const outcome = raisedDrift(findings.drift, "outcome")[0];
  if (outcome === undefined) return null;
  return {
    kind: "concept_shift",
    target: outcome.target.name,
    explanation: `The outcome drifted while no feature did: ${driftText(outcome)}.`,
  };
}

function unknownCause({ aggregate, findings }: CauseContext): FirstCause {
  const raised = [...findings.drift, ...findings.data_quality, ...findings.service].filter(isRaised);
  const worst = raised.find((finding) => finding.state === "critical") ?? raised[0];
  return {
    kind: "unknown",
    target: worst?.target.name ?? aggregate.model,
    explanation:
      worst === undefined
        ? "Nothing in this window is out of the ordinary."
        : `${worst.target.name} is ${worst.state} (${worst.metric} ${numberText(worst.value ?? 0)}), ` +
          "and neither a data fault nor a drifting feature explains it.",
  };
}

function raisedDrift(drift: readonly Finding[], kind: Finding["target"]["kind"]): Finding[] {
  return drift.filter(
    (finding) => finding.metric === metric.driftSeverity && finding.target.kind === kind && isRaised(finding),
  );
}

function driftText(finding: Finding): string {
  const { psi, logEvidence, location } = finding.evidence.numbers;
  const parts = [`severity ${numberText(finding.value ?? 0)}`];
  if (psi !== undefined) parts.push(`PSI ${numberText(psi)}`);
  if (location !== undefined) parts.push(`location moved by ${numberText(location)} standard deviations`);
  if (logEvidence !== undefined) parts.push(`log evidence ${numberText(logEvidence)}`);
  return parts.join(", ");
}
