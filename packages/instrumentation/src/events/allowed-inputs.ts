import type { Inputs } from "../record/record-types.ts";

const MAX_TEXT_LENGTH = 1_024;

/** The declared features of some inputs as they may travel: numbers, booleans and text, cut at 1,024 characters. */
export function allowedInputs(inputs: Inputs, features: readonly string[]): Inputs {
  const allowed: Record<string, unknown> = {};
  for (const feature of features) {
    try {
      const value = inputs[feature];
      if (typeof value === "string") allowed[feature] = value.slice(0, MAX_TEXT_LENGTH);
      else if (typeof value === "number" || typeof value === "boolean") allowed[feature] = value;
    } catch {
      // Already counted as unreadable_feature when the aggregation read it.
    }
  }
  return allowed;
}
