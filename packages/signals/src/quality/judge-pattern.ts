import { type CategoricalField, type ModelConfig, matchesPattern } from "@tidemark/schema";
import { createDetectionReference, judgeWindow } from "@tidemark/stats";
import { totalOf } from "../field-of.ts";
import type { Finding, PatternCounts } from "../window-aggregate.ts";
import { judgeShare } from "./judge-share.ts";

interface JudgePatternOptions {
  readonly field: CategoricalField;
  readonly counts: PatternCounts;
  readonly quality: ModelConfig["quality"];
}

/**
 * Share of a feature's values that have not the form that is expected of them, judged as the other rules are (`judgeShare`). What the
 * reference had is known of its 50 most frequent categories; the others count as in order, as all do where the pattern was inferred.
 */
export function judgePattern({ field, counts, quality }: JudgePatternOptions): Finding | null {
  const { rows, broken, expression } = counts;
  const referenceRows = totalOf(field.counts);
  const referenceBroken = totalOf(
    field.categories.map((category, bin) => (matchesPattern(expression, category) ? 0 : field.counts[bin]!)),
  );
  const finding = judgeShare({
    target: { kind: field.target, name: field.name },
    rule: "pattern",
    rows,
    broken,
    allowed: quality.allowed[field.name]?.pattern ?? 0,
    referenceRows,
    referenceShare: referenceRows === 0 ? 0 : referenceBroken / referenceRows,
    judge: () =>
      judgeWindow(
        [
          {
            reference: createDetectionReference([referenceRows - referenceBroken, referenceBroken], "categorical"),
            counts: [rows - broken, broken],
          },
        ],
        { variance: field.varianceInflation.rows },
      ),
  });
  if (finding === null) return null;
  const format = field.pattern?.expression === expression ? `${field.pattern.format}, ` : "";
  const note = `expected: ${format}${expression}; ${finding.evidence.note}`;
  return { ...finding, evidence: { ...finding.evidence, note } };
}
