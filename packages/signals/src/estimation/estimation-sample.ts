/** Rows of one window for estimating its performance: in an order that has nothing to do with their content, each counting the same. */
interface SampledRows {
  readonly rows: number;
  /** Event time of each. */
  readonly timesMs: Float64Array;
  /** Features that the records name, in the profile's order; the others are left out of every model. */
  readonly features: readonly string[];
  /** Codes of these features (see featureCodes; of a value sample, fineFeatureCodes), row after row. */
  readonly codes: Uint8Array;
  /** Event time at which enough outcomes were known; null while they are not. */
  readonly maturedAtMs: number | null;
}

/** Rows of a model that predicts classes. */
export interface ClassSample extends SampledRows {
  readonly kind: "class";
  /** In [0, 1]. */
  readonly scores: Float64Array;
  /** 1: the positive class was predicted; of a model of several classes always 1. */
  readonly predicted: Uint8Array;
  /** What came true: 0 or 1 for the outcomes that count once the window is mature, 2 for all others. */
  readonly outcomes: Uint8Array;
  /**
   * Index of the predicted and of the true class among the profile's, NO_CLASS for others; null where the profile names none. True classes
   * count where `outcomes` do.
   */
  readonly classes: { readonly predicted: Uint8Array; readonly outcomes: Uint8Array } | null;
}

/** Rows of a model that predicts quantities. */
export interface ValueSample extends SampledRows {
  readonly kind: "value";
  readonly predictions: Float64Array;
  /** What came true, for the outcomes that count once the window is mature; NaN for all others. */
  readonly outcomes: Float64Array;
}

export type EstimationSample = ClassSample | ValueSample;

/** Outcome of a row that is not known, or came after the window was mature. */
export const NO_OUTCOME = 2;

/** Index of a class that the profile does not name. */
export const NO_CLASS = 255;

/** Rows of a sample: more make the models slower, not the estimate better. */
const MAX_SAMPLE_ROWS = 20_000;
/** With more features than this, fewer rows: a model's cost grows with the square of the features. */
const MANY_FEATURES = 20;
const FEWER_ROWS = 8_000;

/** Rows that are sampled of the reference and of a window. */
export function sampleRows(featureCount: number): number {
  return featureCount > MANY_FEATURES ? FEWER_ROWS : MAX_SAMPLE_ROWS;
}
