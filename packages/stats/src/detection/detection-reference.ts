import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import { type Alternatives, createAlternatives } from "./alternatives.ts";
import { createProbes } from "./probes.ts";

export type BinKind = "numeric" | "categorical";

/** Everything about a reference that verdicts need: make it once a profile and keep it. */
export interface DetectionReference {
  readonly kind: BinKind;
  readonly binCount: number;
  /** Independent rows: the sum of the counts, over `rowsPerIndependent`. */
  readonly referenceRows: number;
  /** Counts + 1/2, and their sum, over `rowsPerIndependent`. */
  readonly smoothedCounts: Float64Array;
  readonly smoothedTotal: number;
  /** smoothedCounts / smoothedTotal. */
  readonly probabilities: Float64Array;
  readonly largestProbability: number;
  /** By bin; see `probeValues`. Computed on first use, like `alternatives`: a reference for effects alone needs neither. */
  readonly probes: readonly Float64Array[];
  readonly alternatives: Alternatives;
}

const SMOOTHING = 0.5;
const LARGEST_BELOW_ONE = 1 - Number.EPSILON / 2;

/**
 * Prepares reference counts for verdicts (DETECTION 2).
 *
 * @param referenceCounts counts of the detector's bins, rare bins already merged (`detectorEdges`, `rareBinMap`); numeric:
 * in order, about 20; categorical: at most about 50, the last for never-seen ones. Whole, unless they are expected counts.
 * @param kind numeric bins are ordered, categorical ones are not.
 * @param rowsPerIndependent rows that count as one where they depend on each other (`Dependence`); the shares stay those of
 * all rows, the size that they are trusted for shrinks. Default 1.
 * @throws RangeError where there is no bin, a count is negative or above 2^53, or rowsPerIndependent is below 1.
 */
export function createDetectionReference(
  referenceCounts: readonly number[],
  kind: BinKind,
  rowsPerIndependent = 1,
): DetectionReference {
  if (referenceCounts.length === 0) throw new RangeError("referenceCounts is empty; a reference has at least one bin");
  referenceCounts.forEach((count, bin) => {
    if (!(count >= 0 && count <= Number.MAX_SAFE_INTEGER)) {
      throw new RangeError(`referenceCounts[${bin}] is ${count}; counts are not negative and at most 2^53`);
    }
  });
  if (!(rowsPerIndependent >= 1 && rowsPerIndependent < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`rowsPerIndependent is ${rowsPerIndependent}; it is finite and at least 1`);
  }
  return new TabulatedReference(Float64Array.from(referenceCounts), kind, rowsPerIndependent);
}

/** The probes of a reference by bin, to learn its variance inflation from rows in time order (`createVarianceLadder`). */
export function probeValues(reference: DetectionReference): readonly Float64Array[] {
  return reference.probes;
}

class TabulatedReference implements DetectionReference {
  readonly kind: BinKind;
  readonly binCount: number;
  readonly referenceRows: number;
  readonly smoothedCounts: Float64Array;
  readonly smoothedTotal: number;
  readonly probabilities: Float64Array;
  readonly largestProbability: number;
  #normalScores: Float64Array | undefined;
  #probes: readonly Float64Array[] | undefined;
  #alternatives: Alternatives | undefined;

  constructor(counts: Float64Array, kind: BinKind, rowsPerIndependent: number) {
    this.kind = kind;
    this.binCount = counts.length;
    const rows = counts.reduce((sum, count) => sum + count, 0);
    this.referenceRows = rows / rowsPerIndependent;
    this.smoothedCounts = counts.map((count) => (count + SMOOTHING) / rowsPerIndependent);
    this.smoothedTotal = (rows + SMOOTHING * counts.length) / rowsPerIndependent;
    this.probabilities = this.smoothedCounts.map((count) => count / this.smoothedTotal);
    this.largestProbability = this.probabilities.reduce((most, p) => Math.max(most, p), 0);
  }

  get probes(): readonly Float64Array[] {
    this.#probes ??= createProbes(this.kind, this.probabilities, this.#scores());
    return this.#probes;
  }

  get alternatives(): Alternatives {
    this.#alternatives ??= createAlternatives(this.kind, this.probabilities, this.#scores());
    return this.#alternatives;
  }

  #scores(): Float64Array {
    this.#normalScores ??= this.kind === "numeric" ? upperNormalScores(this.probabilities) : new Float64Array(0);
    return this.#normalScores;
  }
}

/** Phi^-1 of the cumulative probabilities: the upper edges of the bins if the reference were standard normal. */
function upperNormalScores(probabilities: Float64Array): Float64Array {
  let cumulative = 0;
  return probabilities.map((p, bin) => {
    cumulative += p;
    if (bin === probabilities.length - 1) return Number.POSITIVE_INFINITY;
    return normalQuantile(Math.min(cumulative, LARGEST_BELOW_ONE), 0, 1);
  });
}
