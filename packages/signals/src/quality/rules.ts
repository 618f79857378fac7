import type { ProfileField } from "@tidemark/schema";
import type { ValueState } from "@tidemark/semconv";

/** A value state that breaks a data-quality rule. */
export type QualityRule = Exclude<ValueState, "valid">;

/** The rules that a field's values can break at all. */
export function rulesOf(field: ProfileField): readonly QualityRule[] {
  return field.kind === "numeric"
    ? ["missing", "type_mismatch", "out_of_range", "non_finite"]
    : ["missing", "type_mismatch", "unseen_category"];
}
