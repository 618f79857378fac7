import type { CategoricalField, NumericField, ProfileField } from "@tidemark/schema";
import type { QualityRuleName, ValueState } from "@tidemark/semconv";
import { totalOf } from "../field-of.ts";
import type { FieldCounts } from "../window-aggregate.ts";
import { beyondFences } from "./outlier-fences.ts";

/** How often a rule was broken in a window, and in the reference. */
export interface Violations {
  readonly rows: number;
  readonly broken: number;
  readonly referenceRows: number;
  readonly referenceBroken: number;
}

/** A rule about single values. */
export interface QualityRule {
  readonly name: QualityRuleName;
  /** Share of violations that is accepted whatever the reference had, unless `quality.allowed` says otherwise. */
  readonly accepted: number;
  violations(counts: FieldCounts): Violations;
}

/** Share of one value from which a field says nothing any more. */
const NEARLY_ALL = 0.99;

/** The rules that a field's values can break at all. */
export function rulesOf(field: ProfileField): readonly QualityRule[] {
  const states: readonly Exclude<ValueState, "valid">[] =
    field.kind === "numeric"
      ? ["missing", "type_mismatch", "out_of_range", "non_finite"]
      : ["missing", "type_mismatch", "unseen_category"];
  const rules = states.map((state) => stateRule(field, state));
  // Classes and scores that come out as one are the model's doing: drift of the predictions says so.
  if (field.target !== "feature") return rules;
  return field.kind === "numeric"
    ? [...rules, outlierRule(field), constantRule(field)]
    : [...rules, constantRule(field)];
}

function stateRule(field: ProfileField, state: Exclude<ValueState, "valid">): QualityRule {
  return {
    name: state,
    accepted: 0,
    violations: (counts) => ({
      rows: totalOf(Object.values(counts.states)),
      broken: counts.states[state],
      referenceRows: totalOf(Object.values(field.states)),
      referenceBroken: field.states[state],
    }),
  };
}

function outlierRule(field: NumericField): QualityRule {
  const isOutlier = beyondFences(field);
  const outliers = (counts: readonly number[]) => totalOf(counts.filter((_, bin) => isOutlier[bin]));
  return {
    name: "outlier",
    accepted: 0,
    violations: (window) => ({
      rows: totalOf(window.counts),
      broken: outliers(window.counts),
      referenceRows: totalOf(field.counts),
      referenceBroken: outliers(field.counts),
    }),
  };
}

/** The largest bin of a window; of a numeric field one of some 120 quantile bins. The bin for all other categories is no one value. */
function constantRule(field: NumericField | CategoricalField): QualityRule {
  return {
    name: "constant",
    accepted: NEARLY_ALL,
    violations: ({ counts }) => {
      const bins = field.kind === "numeric" ? counts : counts.slice(0, -1);
      const largest = bins.indexOf(Math.max(...bins));
      return {
        rows: totalOf(counts),
        broken: counts[largest] ?? 0,
        referenceRows: totalOf(field.counts),
        referenceBroken: field.counts[largest] ?? 0,
      };
    },
  };
}
