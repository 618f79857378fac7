import type { FirstCause } from "@tidemark/schema";
import { attr } from "@tidemark/semconv";
import { MULTIVARIATE } from "../multivariate/multivariate-drift.ts";
import { numberText } from "../number-text.ts";
import type { Finding } from "../window-aggregate.ts";
import { type CauseContext, largestBy } from "./cause-context.ts";

/**
 * The world changed rather than the data pipeline: `covariate_shift` naming the feature with the strongest drift when
 * features drift, or what changed between them when only all together do; `concept_shift` when performance or the outcome moved while no feature did; else null.
 */
export function findShift(of: CauseContext): FirstCause | null {
  return covariateShift(of) ?? jointShift(of) ?? conceptShift(of);
}

function covariateShift({ raised }: CauseContext): FirstCause | null {
  const drifted = raised.drift.filter(
    ({ target, value }) => (target.kind === "feature" || target.kind === "embedding") && value !== null,
  );
  const strongest = largestBy(drifted, (finding) => finding.value ?? 0);
  if (strongest === undefined) return null;
  return {
    kind: "covariate_shift",
    target: strongest.target.name,
    explanation:
      `${strongest.target.name} drifted most of ${drifted.length} drifting ` +
      `${drifted.length === 1 ? "feature" : "features"}: ${strongest.target.kind === "embedding" ? strongest.evidence.note : driftText(strongest)}.`,
  };
}

function jointShift({ raised }: CauseContext): FirstCause | null {
  const broken = raised.data_quality.find(({ attributes }) => attributes[attr.qualityRule] === "correlation");
  const joint = raised.drift.find(
    ({ target }) => target.kind === MULTIVARIATE.kind && target.name === MULTIVARIATE.name,
  );
  const found = broken ?? joint;
  if (found === undefined) return null;
  return {
    kind: "covariate_shift",
    target: found.target.name,
    explanation: `The features moved against each other while none drifted alone: ${found.evidence.note}.`,
  };
}

function conceptShift({ raised }: CauseContext): FirstCause | null {
  const worst = raised.performance.find((finding) => finding.state === "critical") ?? raised.performance[0];
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
  const outcome = raised.drift.find((finding) => finding.target.kind === "outcome" && finding.value !== null);
  if (outcome === undefined) return null;
  return {
    kind: "concept_shift",
    target: outcome.target.name,
    explanation: `The outcome drifted while no feature did: ${driftText(outcome)}.`,
  };
}

function driftText(finding: Finding): string {
  const { psi, logEvidence, location } = finding.evidence.numbers;
  const parts = [`severity ${numberText(finding.value ?? 0)}`];
  if (psi !== undefined) parts.push(`PSI ${numberText(psi)}`);
  if (location !== undefined) parts.push(`location moved by ${numberText(location)} standard deviations`);
  if (logEvidence !== undefined) parts.push(`log evidence ${numberText(logEvidence)}`);
  return parts.join(", ");
}
