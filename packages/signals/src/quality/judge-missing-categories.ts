import type { CategoricalField, ModelConfig, ProfileField } from "@tidemark/schema";
import { attr, type MonitorState, metric } from "@tidemark/semconv";
import { absenceLogProbability } from "@tidemark/stats";
import { slotRows, totalOf } from "../field-of.ts";
import { createFinding } from "../finding.ts";
import { MINIMUM_REFERENCE_ROWS, MINIMUM_WINDOW_ROWS } from "../minimum-rows.ts";
import { percentText } from "../number-text.ts";
import type { FieldCounts, Finding } from "../window-aggregate.ts";

/** Share of the reference's rows that must have gone before it is somebody's business. */
const WARNING_SHARE = 0.01;
const CRITICAL_SHARE = 0.1;
/** Chance that any category of a stable field is taken for gone, in one window. */
const ALPHA = 1e-6;
const NAMES_SHOWN = 5;

interface MissingCategoryOptions {
  readonly field: ProfileField;
  readonly counts: FieldCounts;
  readonly quality: ModelConfig["quality"];
}

/**
 * Categories that should be there and are not, such as an airport whose feed went silent: `ml.data_quality.share` of the
 * reference's rows (at the window's mixture of season slots) that were of categories which the window lacks beyond chance.
 *
 * A named category is gone where its absence from all rows has a chance below 1e-6, shared among the categories
 * (Bonferroni), with the reference's own size and the variance inflation taken into account. `warning` where what is
 * gone held more than 1 %, `critical` more than 10 %, or more than `quality.allowed` where that is higher. Null for other
 * fields than categorical features, and without values.
 */
export function judgeMissingCategories({ field, counts, quality }: MissingCategoryOptions): Finding | null {
  if (field.kind !== "categorical" || field.target !== "feature") return null;
  const rows = totalOf(counts.counts);
  if (rows === 0) return null;
  const parts = partsOf(field, counts);
  const referenceRows = totalOf(parts.map((part) => part.referenceRows));
  const isEnough = rows >= MINIMUM_WINDOW_ROWS && referenceRows >= MINIMUM_REFERENCE_ROWS;
  const limit = Math.log(ALPHA / Math.max(1, field.categories.length));
  const gone = field.categories.flatMap((name, index) => {
    if (counts.counts[index]! > 0) return [];
    const logChance = totalOf(
      parts.map(({ reference, referenceRows: all, rows: here }) => absenceLogProbability(reference[index]!, all, here)),
    );
    return logChance < limit ? [{ name, share: expectedShare(parts, index) }] : [];
  });
  const value = Math.min(1, totalOf(gone.map(({ share }) => share)));
  const line = Math.max(WARNING_SHARE, quality.allowed[field.name]?.missing_category ?? 0);
  return createFinding({
    target: { kind: field.target, name: field.name },
    metric: metric.dataQualityShare,
    attributes: { [attr.qualityRule]: "missing_category" },
    value,
    state: isEnough ? stateOf(value, line) : "insufficient_data",
    threshold: line,
    evidence: { numbers: { violations: gone.length, referenceShare: 0 }, note: noteOf(gone, line), bins: null },
    count: rows,
    effective: rows,
  });
}

interface Part {
  /** Effective rows by category, and of all, in the reference. */
  readonly reference: readonly number[];
  readonly referenceRows: number;
  /** Effective rows of the window. */
  readonly rows: number;
}

/** The window by season slot, or as one; all numbers divided by the rows that count as one independent row. */
function partsOf(field: CategoricalField, counts: FieldCounts): Part[] {
  const { rows: whole, slots } = field.varianceInflation;
  if (field.slots === null || slots === null || counts.slots.length === 0) {
    const inflation = Math.max(...whole);
    return [partOf(field.counts, totalOf(field.counts), totalOf(counts.counts), inflation)];
  }
  const inflation = Math.max(...slots);
  return counts.slots.flatMap((slot) => {
    const reference = field.slots?.[slot.slot];
    if (reference === undefined) return [];
    return [partOf(reference, slotRows(field, slot.slot), totalOf(slot.counts), inflation)];
  });
}

function partOf(reference: readonly number[], referenceRows: number, rows: number, inflation: number): Part {
  return {
    reference: reference.map((count) => count / inflation),
    referenceRows: referenceRows / inflation,
    rows: rows / inflation,
  };
}

function expectedShare(parts: readonly Part[], index: number): number {
  const rows = totalOf(parts.map((part) => part.rows));
  return totalOf(
    parts.map((part) =>
      part.referenceRows === 0 ? 0 : (part.rows / rows) * (part.reference[index]! / part.referenceRows),
    ),
  );
}

function stateOf(share: number, line: number): MonitorState {
  if (share <= line) return "ok";
  return share > Math.max(CRITICAL_SHARE, line) ? "critical" : "warning";
}

function noteOf(gone: readonly { readonly name: string }[], line: number): string {
  const rule = `warns where what has gone held more than ${percentText(line)} of the reference`;
  if (gone.length === 0) return rule;
  const names = gone.slice(0, NAMES_SHOWN).map(({ name }) => name);
  const more = gone.length > NAMES_SHOWN ? ` and ${gone.length - NAMES_SHOWN} more` : "";
  return `gone: ${names.join(", ")}${more}; ${rule}`;
}
