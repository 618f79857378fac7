import type { CauseKind } from "@tidemark/schema";
import { attr, metric, type QualityRuleName } from "@tidemark/semconv";
import { elsewhereText } from "../embedding/embedding-drift.ts";
import { numberText, percentText } from "../number-text.ts";
import type { Finding } from "../window-aggregate.ts";
import { type FindSuspect, largestBy } from "./cause-context.ts";

/** Share of vectors outside of the reference's cloud from which they come from another model. */
const NEARLY_ALL = 0.9;

const RULES: Readonly<Partial<Record<QualityRuleName, { readonly kind: CauseKind; readonly what: string }>>> = {
  missing: { kind: "nulls", what: "are missing" },
  zero_vector: { kind: "nulls", what: "are all zeros: the embedding step failed or had no input" },
  type_mismatch: { kind: "type_change", what: "have another number of elements: another embedding model made them" },
  non_finite: { kind: "type_change", what: "hold an element that is no finite number" },
  constant: { kind: "stuck", what: "are one and the same" },
};

/** A fault of a vector feature: what broke a rule, vectors of another model, or vectors that were scaled. */
export const findVectorFault: FindSuspect = ({ raised }) => {
  const shares = raised.data_quality.filter(
    ({ target, metric: name }) => target.kind === "embedding" && name === metric.dataQualityShare,
  );
  const worst = largestBy(shares, growthOf);
  const rule = worst === undefined ? undefined : RULES[worst.attributes[attr.qualityRule] as QualityRuleName];
  if (worst !== undefined && rule !== undefined) {
    const before = percentText(worst.evidence.numbers["referenceShare"] ?? 0);
    const explanation = `${percentText(worst.value ?? 0)} of the vectors of ${worst.target.name} ${rule.what} (${before} in the reference).`;
    return { touchedRatio: growthOf(worst), cause: { kind: rule.kind, target: worst.target.name, explanation } };
  }
  for (const { target, metric: name, evidence } of raised.drift) {
    if (target.kind !== "embedding" || name !== metric.driftSeverity) continue;
    const { elsewhere = 0, lengthAlone, length = 0, referenceLength = 0 } = evidence.numbers;
    if (lengthAlone === 1) {
      const explanation = `The vectors of ${target.name} point where they did, but their mean length is ${numberText(length)}, ${numberText(referenceLength)} in the reference: they were normalised or scaled in another way.`;
      return { touchedRatio: 1, cause: { kind: "unit_change", target: target.name, explanation } };
    }
    if (elsewhere >= NEARLY_ALL) {
      const explanation = `${target.name}: ${elsewhereText(elsewhere)}, as another embedding model, another version of it or another preparation of its input would give; ${evidence.note}.`;
      return { touchedRatio: elsewhere, cause: { kind: "type_change", target: target.name, explanation } };
    }
  }
  return null;
};

function growthOf(finding: Finding): number {
  return (finding.value ?? 0) - (finding.evidence.numbers["referenceShare"] ?? 0);
}
