import type { WindowPart } from "./judge-window.ts";

/** Sums of the numeric probes over a window, each slot with its own reference; for location and scale. */
export interface ProbeSums {
  readonly rows: number;
  /** sum over slots and bins of c_b h_b. */
  readonly sums: readonly [number, number];
  /** sum over slots of n^2 / N: what the finite references add to the variance of a sum. */
  readonly referenceVariance: number;
}

/** Sums the probes of numeric parts; null for categorical ones, which have no order. */
export function sumProbes(parts: readonly WindowPart[]): ProbeSums | null {
  if (parts[0]!.reference.kind === "categorical") return null;
  const sums: [number, number] = [0, 0];
  let rows = 0;
  let referenceVariance = 0;
  for (const { reference, counts } of parts) {
    const [location, scale] = reference.probes;
    let own = 0;
    for (let bin = 0; bin < counts.length; bin++) {
      own += counts[bin]!;
      sums[0] += counts[bin]! * location![bin]!;
      sums[1] += counts[bin]! * scale![bin]!;
    }
    rows += own;
    referenceVariance += own ** 2 / reference.smoothedTotal;
  }
  return { rows, sums, referenceVariance };
}
