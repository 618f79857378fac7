import type { ProfileField } from "@tidemark/schema";
import type { WindowVerdict } from "@tidemark/stats";
import { seasonalSpread } from "../drift/seasonal-spread.ts";
import { slotRows, totalOf } from "../field-of.ts";
import type { FieldCounts } from "../window-aggregate.ts";
import { judgeChange } from "./judge-change.ts";
import type { QualityRule, Violations } from "./rules.ts";

/** A window's violations of one rule beside the reference's. */
export interface RuleComparison {
  /** Effective rows of the reference. */
  readonly referenceRows: number;
  /** The reference's share of violations, at the window's mixture of season slots. */
  readonly referenceShare: number;
  /** Whether the share changed. */
  judge(): WindowVerdict;
}

/**
 * Compares how often a rule was broken: by season slot where the rule is counted by slot (missing values), else in one
 * part.
 *
 * @param windowMs length of the window: days differ by more than weeks do.
 */
export function compareRule(
  field: ProfileField,
  counts: FieldCounts,
  rule: QualityRule,
  windowMs: number,
): RuleComparison {
  const inflation = field.missing.varianceInflation;
  const slots = rule.name === "missing" && inflation.slots !== null ? missingBySlot(field, counts) : [];
  if (slots.length === 0 || inflation.slots === null) {
    const whole = rule.violations(counts);
    return {
      referenceRows: whole.referenceRows,
      referenceShare: whole.referenceRows === 0 ? 0 : whole.referenceBroken / whole.referenceRows,
      judge: () => judgeChange([whole], { variance: rowsInflation(field, rule) }),
    };
  }
  const spread = seasonalSpread(inflation.slots, inflation.periods, windowMs);
  const mixture = mixtureOf(slots);
  return {
    referenceRows: mixture.referenceRows,
    referenceShare: mixture.referenceBroken / mixture.referenceRows,
    judge: () => judgeChange(slots, spread, mixture),
  };
}

/** What a value is clusters as the values do, whether there is one as the missing ones do. */
function rowsInflation(field: ProfileField, rule: QualityRule): readonly [number, number] {
  const isOfValue = rule.name === "outlier" || rule.name === "constant";
  return (isOfValue ? field : field.missing).varianceInflation.rows;
}

/** Missing values by season slot present; the rows of a slot are its counted values and its missing ones. */
function missingBySlot(field: ProfileField, counts: FieldCounts): Violations[] {
  const { slots: missing } = field.missing;
  if (field.slots === null || missing === null) return [];
  return counts.slots.flatMap((slot) => {
    const rows = totalOf(slot.counts) + slot.missing;
    const referenceBroken = missing[slot.slot] ?? 0;
    const referenceRows = slotRows(field, slot.slot) + referenceBroken;
    return rows === 0 || referenceRows === 0 ? [] : [{ rows, broken: slot.missing, referenceRows, referenceBroken }];
  });
}

/** The slots as one, weighted by the window's rows, with the number of reference rows that has the mixture's error. */
function mixtureOf(slots: readonly Violations[]): Violations {
  const rows = totalOf(slots.map((slot) => slot.rows));
  const referenceRows = 1 / totalOf(slots.map((slot) => (slot.rows / rows) ** 2 / slot.referenceRows));
  const share = totalOf(slots.map((slot) => (slot.rows / rows) * (slot.referenceBroken / slot.referenceRows)));
  return {
    rows,
    broken: totalOf(slots.map((slot) => slot.broken)),
    referenceRows,
    referenceBroken: referenceRows * share,
  };
}
