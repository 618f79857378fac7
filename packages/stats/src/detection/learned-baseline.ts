import type { DetectionReference } from "./detection-reference.ts";

/** One slot's baseline; arrays by bin and by alternative. */
export interface LearnedBaselineState {
  readonly counts: readonly number[];
  readonly total: number;
  readonly logMeans: readonly number[];
  /** `total` when `logMeans` was computed; 0: not yet. */
  readonly logMeansTotal: number;
}

/** The means of the ratios are computed anew when the baseline has grown by this factor. */
const REFRESH_GROWTH = 1.02;

/** The reference of one slot plus the rows learned since: what the next rows are predicted by. */
export class LearnedBaseline {
  readonly reference: DetectionReference;
  readonly #counts: Float64Array;
  readonly #logMeans: Float64Array;
  #total: number;
  #logMeansTotal: number;

  constructor(reference: DetectionReference, state?: LearnedBaselineState) {
    this.reference = reference;
    this.#counts = Float64Array.from(state?.counts ?? reference.smoothedCounts);
    this.#total = state?.total ?? reference.smoothedTotal;
    this.#logMeans = Float64Array.from(state?.logMeans ?? new Float64Array(reference.alternatives.count));
    this.#logMeansTotal = state?.logMeansTotal ?? 0;
  }

  get total(): number {
    return this.#total;
  }

  probability(bin: number): number {
    return this.#counts[bin]! / this.#total;
  }

  /** ln of each alternative's mean ratio under the baseline: subtracted for each row, it makes the ratio's mean 1. */
  logMeans(): Float64Array {
    if (this.#total >= REFRESH_GROWTH * this.#logMeansTotal) {
      const { count, ratios } = this.reference.alternatives;
      this.#logMeans.fill(0);
      for (let bin = 0; bin < this.reference.binCount; bin++) {
        const p = this.probability(bin);
        const offset = bin * count;
        for (let m = 0; m < count; m++) this.#logMeans[m]! += p * ratios[offset + m]!;
      }
      for (let m = 0; m < count; m++) this.#logMeans[m] = Math.log(this.#logMeans[m]!);
      this.#logMeansTotal = this.#total;
    }
    return this.#logMeans;
  }

  /** Adds rows, each counted as 1/inflation independent ones. */
  learn(counts: Float64Array, rows: number, inflation: number): void {
    for (let bin = 0; bin < counts.length; bin++) this.#counts[bin]! += counts[bin]! / inflation;
    this.#total += rows / inflation;
  }

  snapshot(): LearnedBaselineState {
    return {
      counts: Array.from(this.#counts),
      total: this.#total,
      logMeans: Array.from(this.#logMeans),
      logMeansTotal: this.#logMeansTotal,
    };
  }
}
