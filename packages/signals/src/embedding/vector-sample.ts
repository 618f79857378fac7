/** One vector feature in a window: the vectors of its rows, or of a sample of them in which every row counts the same. */
export interface VectorSample {
  readonly name: string;
  /** Elements of a vector, as the profile has it. */
  readonly dimension: number;
  /** Vectors in `values`. */
  readonly rows: number;
  /** rows × dimension, row by row; finite. Rows stand in the order of a hash of their ids. */
  readonly values: Float32Array;
  /** Of each row: the prediction's id, and its hour since 1970. */
  readonly ids: readonly string[];
  readonly hours: Int32Array;
  /** Sampled predictions that have no vector of this name. */
  readonly missing: number;
  /** Sampled predictions whose vector has another dimension; left out of `values`. */
  readonly wrongDimension: number;
  /** Sampled predictions whose vector has an element that is no finite number; left out of `values`. */
  readonly nonFinite: number;
}
