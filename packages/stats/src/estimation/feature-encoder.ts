import { exactQuantile } from "../descriptive/exact-quantile.ts";

/** A feature's values: numbers, or categories as text. null, NaN and "" are missing. */
export type FeatureColumn = readonly (number | string | null)[];

export type FeatureCodes =
  | { readonly kind: "numeric"; readonly edges: readonly number[]; readonly min: number; readonly max: number }
  | { readonly kind: "category"; readonly frequent: readonly string[]; readonly known: ReadonlySet<string> };

/**
 * Learns a feature's codes from the reference. Numeric: 0 missing, 1..B quantile bins (a value on an edge above it), B+1 below the reference's
 * minimum, B+2 above its maximum. Category: 0 missing, 1..C by frequency (ties by name), C+1 other known, C+2 never seen.
 *
 * @param column the reference's values, numeric if all present ones are numbers. @param bins B at most, default 8. @param categories C at most.
 */
export function learnFeatureCodes(column: FeatureColumn, bins = 8, categories = 40): FeatureCodes {
  const present = column.filter((value) => !isMissing(value));
  if (present.every((value) => typeof value === "number")) {
    const sorted = Float64Array.from(present as number[]).sort();
    if (sorted.length === 0) return { kind: "numeric", edges: [], min: 0, max: 0 };
    const min = sorted[0]!;
    const quantiles = Array.from({ length: bins - 1 }, (_, k) => exactQuantile(sorted, (k + 1) / bins));
    const edges = [...new Set(quantiles)].filter((edge) => edge > min);
    return { kind: "numeric", edges, min, max: sorted.at(-1)! };
  }
  const counts = new Map<string, number>();
  for (const value of present) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  const ordered = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([name]) => name);
  return { kind: "category", frequent: ordered.slice(0, categories), known: new Set(ordered) };
}

/** How many codes a feature has: what CodedRows calls its size. */
export function codeCount(feature: FeatureCodes): number {
  return feature.kind === "numeric" ? feature.edges.length + 4 : feature.frequent.length + 3;
}

/** The code of each value, in [0, codeCount). */
export function encodeFeature(feature: FeatureCodes, column: FeatureColumn): number[] {
  if (feature.kind === "category") {
    const ranks = new Map(feature.frequent.map((name, rank) => [name, rank + 1]));
    const other = feature.frequent.length + 1;
    return column.map((value) => {
      if (isMissing(value)) return 0;
      const name = String(value);
      return ranks.get(name) ?? (feature.known.has(name) ? other : other + 1);
    });
  }
  const binCount = feature.edges.length + 1;
  return column.map((value) => {
    if (isMissing(value)) return 0;
    const number = Number(value);
    if (number < feature.min) return binCount + 1;
    if (number > feature.max) return binCount + 2;
    return feature.edges.filter((edge) => edge <= number).length + 1;
  });
}

function isMissing(value: number | string | null): boolean {
  return value === null || value === "" || Number.isNaN(value);
}
