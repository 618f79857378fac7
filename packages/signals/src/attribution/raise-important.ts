import type { Profile } from "@tidemark/schema";
import { attr } from "@tidemark/semconv";
import type { Finding } from "../window-aggregate.ts";
import { importantFeatures } from "./reference-importance.ts";

/** The findings on missing values, those of important features a level higher: what warns of another is critical here. */
export function raiseImportant(findings: readonly Finding[], profile: Profile): Finding[] {
  const important = new Set(importantFeatures(profile));
  return findings.map((finding) => {
    const { target, state, evidence } = finding;
    const isRaised =
      state === "warning" &&
      target.kind === "feature" &&
      important.has(target.name) &&
      finding.attributes[attr.qualityRule] === "missing";
    if (!isRaised) return finding;
    const note = `${evidence.note}; one level higher, as the feature is of above-average importance`;
    return { ...finding, state: "critical", evidence: { ...evidence, note } };
  });
}
