/** One prediction with the probabilities of classes and a known outcome. */
export interface ProbableRow {
  /** In the order of `ClassProbabilities.classes`, as told; 0 for a class that the prediction does not name. */
  readonly scores: readonly number[];
  readonly outcomeLabel: string;
  /** Inverse of the inclusion probability. */
  readonly weight: number;
  /** Value of each of `ClassProbabilities.segments`; empty where there is none. */
  readonly segments: readonly string[];
}

/** Predictions of a window that tell probabilities of classes, by what is wrong with them, each over its inclusion probability. */
export interface ProbabilityStates {
  readonly valid: number;
  /** One of them is no finite number. */
  readonly nonFinite: number;
  /** One of them is below 0 or above 1. */
  readonly outOfRange: number;
  /** Their sum is not 1, nor what rounding leaves of it. */
  readonly wrongSum: number;
}

/** Probabilities of classes that a window's predictions tell. */
export interface ClassProbabilities {
  readonly states: ProbabilityStates;
  /** Effective number of these predictions, (sum w)^2 / sum w^2. */
  readonly effective: number;
  /** Every class that a row names, ascending. */
  readonly classes: readonly string[];
  readonly segments: readonly string[];
  /** Valid ones whose outcome is a class; of more than 20,000 a sample by a hash of the id. */
  readonly rows: readonly ProbableRow[];
}
