import type { FeatureRow } from "../aggregate/feature-row.ts";
import type { ClassLabel } from "./label-text.ts";
import type { ModelRecorder } from "./model-recorder.ts";

/** Feature values by name. Only declared features are read. */
export type Inputs = Readonly<Record<string, unknown>>;

/** Probability of each class, by class. */
export type ClassProbabilities = Readonly<Record<string, number>>;

/** What a model answered; give what there is. */
export interface Prediction {
  /** Of the positive or the predicted class; in [0, 1] where it is a probability. */
  readonly score?: number | null | undefined;
  /**
   * Probability of each class, by class, of a model of three classes or more; at most 100. They travel on the event, as far as events are
   * sampled; a function that gives them is called for those that have one. Where no label is given it is the most probable class, and the score its probability.
   */
  readonly probabilities?: ClassProbabilities | (() => ClassProbabilities) | null | undefined;
  /** Predicted class, by its text. */
  readonly label?: ClassLabel | null | undefined;
  /** Predicted quantity of a regression. */
  readonly value?: number | null | undefined;
  /** Of a member: what it added to its ensemble's answer, such as weight times score, in the answer's unit. */
  readonly contribution?: number | null | undefined;
  /** What each feature added to the answer, such as its SHAP value, by feature name; travels on the event, as far as events are sampled. */
  readonly attributions?: Readonly<Record<string, number>> | null | undefined;
  /** Values of declared segments that the inputs do not say. */
  readonly segments?: Readonly<Record<string, ClassLabel>> | undefined;
}

/** A prediction that is counted and has neither id nor event nor span. */
export interface CountedPrediction extends Prediction {
  /** By name, or a row of numbers in the declared order of the features. */
  readonly inputs: Inputs | FeatureRow;
  /** How long the model took. */
  readonly durationSeconds?: number | undefined;
  /** Event time, Unix milliseconds; now unless given. */
  readonly timeMs?: number | undefined;
  /** What went wrong: the prediction is counted as failed, by the error's name. */
  readonly error?: unknown;
}

/** One prediction that has been made. */
export interface PredictionRecord extends CountedPrediction, EnsemblePrediction {
  /** Joins the prediction to its outcome; a UUIDv7 of the event time unless given. */
  readonly id?: string | undefined;
}

/** What a model answered, with what each member answered where it is an ensemble. */
export interface EnsemblePrediction extends Prediction {
  /** They stand on the ensemble's event; those with a recorder are recorded under the same id too, in spans below its own. */
  readonly members?: readonly MemberPrediction[] | undefined;
}

/** The answer of one member of an ensemble. */
export interface MemberPrediction extends Prediction {
  /** The member's recorder, described with `role: "member"`; or its name alone, for a member that is not recorded by itself. */
  readonly model: ModelRecorder | string;
  /** Those of the ensemble unless given. */
  readonly inputs?: Inputs | FeatureRow | undefined;
  readonly durationSeconds?: number | undefined;
}

/** Predictions that one call made, column by column; row i of each list belongs together. */
export interface BatchRecord {
  readonly inputs: readonly (Inputs | FeatureRow)[];
  readonly ids?: readonly string[] | undefined;
  readonly scores?: ArrayLike<number | null> | undefined;
  readonly labels?: ArrayLike<ClassLabel | null> | undefined;
  readonly values?: ArrayLike<number | null> | undefined;
  readonly segments?: ArrayLike<Prediction["segments"]> | undefined;
  /** Probability of each class, by class, a row each. */
  readonly probabilities?: ArrayLike<Prediction["probabilities"]> | undefined;
  /** Of a member: what it added to each of its ensemble's answers. */
  readonly contributions?: ArrayLike<number | null> | undefined;
  /** What each member of an ensemble answered, column by column too. */
  readonly members?: readonly MemberBatch[] | undefined;
  /** How long the call took. */
  readonly durationSeconds?: number | undefined;
  /** Event times, Unix milliseconds; now unless given. */
  readonly timesMs?: ArrayLike<number> | undefined;
  /** What went wrong with the call: all its predictions are counted as failed. */
  readonly error?: unknown;
}

/** The answers of one member of an ensemble to the rows of a batch. */
export interface MemberBatch
  extends Pick<BatchRecord, "scores" | "labels" | "values" | "contributions" | "durationSeconds" | "error"> {
  /** The member's recorder, described with `role: "member"`; or its name alone, for a member that is not recorded by itself. */
  readonly model: ModelRecorder | string;
  /** Those of the ensemble unless given. */
  readonly inputs?: BatchRecord["inputs"] | undefined;
}

/** Ground truth for one prediction. */
export interface Outcome {
  /** Id of the prediction. */
  readonly id: string;
  /** `class` where a label is given, else `value`, unless said. */
  readonly kind?: "class" | "value" | "click" | "conversion" | "rank" | undefined;
  /** True class, by its text. */
  readonly label?: ClassLabel | null | undefined;
  /** True quantity. */
  readonly value?: number | null | undefined;
  /** Position of the item in a ranking, from 1. */
  readonly position?: number | undefined;
  /** When it happened, Unix milliseconds; now unless given. */
  readonly timeMs?: number | undefined;
}
