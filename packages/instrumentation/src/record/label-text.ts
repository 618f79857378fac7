/** What may name a class: models that answer with int64 tensors give BigInts. */
export type ClassLabel = string | number | bigint | boolean;

/** A class by its text; undefined for whatever names no class. */
export function labelText(label: unknown): string | undefined {
  if (typeof label === "string") return label;
  const isName = typeof label === "bigint" || typeof label === "boolean" || Number.isFinite(label);
  return isName ? `${label}` : undefined;
}
