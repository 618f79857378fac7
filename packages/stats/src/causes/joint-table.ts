import type { CodedRows } from "../estimation/ridge-regression.ts";

/** Pseudo rows of the margin that every conditional share is smoothed with. */
const PRIOR_ROWS = 5;
/** The code of a missing value, which says nothing of how values go together. */
const MISSING = 0;

/**
 * How features go together in reference rows: log p(code of k | code of a) for every ordered pair of features, smoothed towards
 * the margin of k with five pseudo rows, and log p(code of k). Codes are those of `encodeFeature`.
 */
export interface JointTable {
  readonly sizes: readonly number[];
  /** [feature][code] */
  readonly margins: readonly Float64Array[];
  /** [a][k][code of a * sizes[k] + code of k]; the diagonal is empty. */
  readonly conditional: readonly (readonly Float64Array[])[];
}

/** Learns the table. Cost O(rows features^2); memory is the sum of the products of all sizes. */
export function learnJointTable({ codes, sizes }: CodedRows): JointTable {
  const shares = sizes.map((size, k) => {
    const counts = new Float64Array(size).fill(0.5);
    for (const row of codes) counts[row[k]!]! += 1;
    const total = codes.length + size / 2;
    return counts.map((count) => count / total);
  });
  const conditional = sizes.map((sizeA, a) =>
    sizes.map((sizeK, k) => {
      if (a === k) return new Float64Array(0);
      const counts = new Float64Array(sizeA * sizeK);
      const rows = new Float64Array(sizeA);
      for (const row of codes) {
        counts[row[a]! * sizeK + row[k]!]! += 1;
        rows[row[a]!]! += 1;
      }
      return counts.map((count, cell) => {
        const prior = PRIOR_ROWS * shares[k]![cell % sizeK]!;
        return Math.log((count + prior) / (rows[Math.floor(cell / sizeK)]! + PRIOR_ROWS));
      });
    }),
  );
  return { sizes, margins: shares.map((share) => share.map(Math.log)), conditional };
}

/** A value of a feature in a row: the row's codes, and the code that stands or might stand for feature `a`. */
export interface PlacedCode {
  readonly row: readonly number[];
  readonly a: number;
  readonly code: number;
  /** Further features that are left out. */
  readonly without?: ReadonlySet<number>;
}

const NONE: ReadonlySet<number> = new Set();

/**
 * How well a value goes with the rest of its row: the sum over the other features k that are present of
 * ln p(k | code of a) - ln p(k). Positive where they go together as in the reference, negative where they do not.
 */
export function jointFit(table: JointTable, { row, a, code, without = NONE }: PlacedCode): number {
  let sum = 0;
  for (let k = 0; k < table.sizes.length; k++) {
    const other = row[k]!;
    if (k === a || other === MISSING || without.has(k)) continue;
    sum += table.conditional[a]![k]![code * table.sizes[k]! + other]! - table.margins[k]![other]!;
  }
  return sum;
}
