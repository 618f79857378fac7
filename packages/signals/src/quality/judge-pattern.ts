import { type CategoricalField, type ModelConfig, matchesPattern } from "@tidemark/schema";
import { totalOf } from "../field-of.ts";
import type { Finding, PatternCounts } from "../window-aggregate.ts";
import { judgeChange } from "./judge-change.ts";
import { judgeShare } from "./judge-share.ts";

interface JudgePatternOptions {
  readonly field: CategoricalField;
  readonly counts: PatternCounts;
  readonly quality: ModelConfig["quality"];
}

/**
 * Share of a feature's values that have not the form that is expected of them, judged as the other rules are (`judgeShare`). Of a form that
 * was inferred the reference has none that breaks it.
 */
export function judgePattern({ field, counts, quality }: JudgePatternOptions): Finding | null {
  const { rows, expression } = counts;
  const referenceRows = totalOf(field.counts);
  const referenceBroken = field.pattern?.expression === expression ? 0 : brokenInReference(field, expression);
  const finding = judgeShare({
    target: { kind: field.target, name: field.name },
    rule: "pattern",
    rows,
    broken: counts.broken,
    allowed: quality.allowed[field.name]?.pattern ?? 0,
    referenceRows,
    referenceShare: referenceRows === 0 ? 0 : referenceBroken / referenceRows,
    judge: () =>
      judgeChange([{ rows, broken: counts.broken, referenceRows, referenceBroken }], {
        variance: field.varianceInflation.rows,
      }),
  });
  if (finding === null) return null;
  const format = field.pattern?.expression === expression ? `${field.pattern.format}, ` : "";
  const note = `expected: ${format}${expression}; ${finding.evidence.note}`;
  return { ...finding, evidence: { ...finding.evidence, note } };
}

const known = new WeakMap<CategoricalField, Map<string, number>>();

/**
 * Rows of the reference that break a form: counted among its 50 most frequent categories; of the rest, which is counted together, the share
 * that its names have. Names that break a form are mostly rarer than others, so the reference is rather credited with too many.
 */
function brokenInReference(field: CategoricalField, expression: string): number {
  const own = known.get(field) ?? new Map<string, number>();
  known.set(field, own);
  let rows = own.get(expression);
  if (rows === undefined) {
    const { categories, otherCategories, counts } = field;
    const breaks = (category: string) => !matchesPattern(expression, category);
    const named = totalOf(categories.map((category, bin) => (breaks(category) ? counts[bin]! : 0)));
    const share = otherCategories.length === 0 ? 0 : otherCategories.filter(breaks).length / otherCategories.length;
    rows = named + share * counts[categories.length]!;
    own.set(expression, rows);
  }
  return rows;
}
