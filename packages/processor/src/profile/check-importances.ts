import type { Profile } from "@tidemark/schema";
import { TidemarkError } from "@tidemark/semconv";
import type { FieldColumn } from "./build-options.ts";

/** The importances as they go into the profile. Throws TidemarkError `usage` for what is no importance of a feature. */
export function checkImportances(
  importances: Readonly<Record<string, number>>,
  columns: readonly FieldColumn[],
): NonNullable<Profile["importances"]> {
  const features = columns.filter(({ target }) => target === "feature").map(({ name }) => name);
  for (const [name, value] of Object.entries(importances)) {
    if (!features.includes(name)) {
      throw new TidemarkError(
        "usage",
        `importances name "${name}", which is no feature; they are ${features.join(", ")}`,
      );
    }
    if (!(Number.isFinite(value) && value >= 0)) {
      throw new TidemarkError("usage", `the importance of ${name} is ${value}; expected a number from 0`);
    }
  }
  return { ...importances };
}
