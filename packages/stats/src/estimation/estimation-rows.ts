import type { CodedRows } from "./ridge-regression.ts";
import type { ScoredRows } from "./score-cells.ts";
import { binEdges, binOf } from "./value-bins.ts";

/** Rows of one binary question ("is it the positive class?", "was the prediction right?"): codes of the features, score and predicted label. */
export interface EstimationRows extends CodedRows, ScoredRows {}

/** The same with what came true. */
export interface LabelledEstimationRows extends EstimationRows {
  /** 0 or 1. */
  readonly outcomes: ArrayLike<number>;
}

/** Score bins of the domain classifier and the outcome model: the reference's k/20 quantiles, distinct and rising. */
export function designEdges(scores: ArrayLike<number>): number[] {
  return binEdges(scores, 20);
}

/** Codes of the features and, as one feature more, the score's bin. */
export function designRows({ codes, sizes, scores }: EstimationRows, edges: readonly number[]): CodedRows {
  return {
    sizes: [...sizes, edges.length + 1],
    codes: codes.map((row, i) => {
      const design = new Uint16Array(sizes.length + 1);
      design.set(row);
      design[sizes.length] = binOf(scores[i]!, edges);
      return design;
    }),
  };
}

/** logit(score)/3, the score kept 1e-6 from 0 and 1: a column of the scale of the codes' ones. */
export function logitColumn(scores: ArrayLike<number>): Float64Array {
  return Float64Array.from(scores, (score) => {
    const kept = Math.min(1 - 1e-6, Math.max(1e-6, score));
    return Math.log(kept / (1 - kept)) / 3;
  });
}

/** The rows at the given places. */
export function pickRows<R extends EstimationRows | LabelledEstimationRows>(rows: R, places: readonly number[]): R {
  return {
    ...rows,
    codes: places.map((i) => rows.codes[i]!),
    scores: Float64Array.from(places, (i) => rows.scores[i]!),
    predicted: Uint8Array.from(places, (i) => rows.predicted[i]!),
    ...("outcomes" in rows ? { outcomes: Uint8Array.from(places, (i) => rows.outcomes[i]!) } : {}),
  };
}
