import type { DeploymentRole, Measurement, ModelConfig, OutcomeKind, Profile } from "@tidemark/schema";
import type { ValueState } from "@tidemark/semconv";
import type { VectorSample } from "./embedding/vector-sample.ts";
import type { ClassProbabilities } from "./performance/class-probabilities.ts";

/** Counts of one field over one window, on the bins of the profile's field of the same target and name. */
export interface FieldCounts {
  readonly target: "feature" | "prediction" | "outcome";
  readonly name: string;
  /**
   * Numeric: boundaries.length + 1. Categorical: categories.length + 1, the last for all others, unseen ones too. Rows of
   * sampled records count by their weights, and add up to their effective number.
   */
  readonly counts: readonly number[];
  /** The same counts by season slot, slots in ascending order; sums to `counts`. Empty where the profile has no season. */
  readonly slots: readonly SlotCounts[];
  /** Values by value state; exactly one state a value. Categorical counts hold valid + unseen_category, numeric ones valid + out_of_range. */
  readonly states: Readonly<Record<ValueState, number>>;
  readonly source: "profile_points" | "records";
}

export interface SlotCounts {
  readonly slot: number;
  readonly counts: readonly number[];
  readonly missing: number;
}

/** Rows with equal prediction, outcome and weight, as one; sorted by all members, so that sums run in one order. */
export interface OutcomeGroup {
  readonly score: number | null;
  readonly label: string | null;
  readonly value: number | null;
  readonly outcomeKind: OutcomeKind;
  readonly outcomeLabel: string | null;
  readonly outcomeValue: number | null;
  /** Position of what was chosen in a ranking, from 1. */
  readonly position: number | null;
  /** Inverse of the inclusion probability. */
  readonly weight: number;
  readonly count: number;
}

/** The labelled rows of one segment. Beyond the twenty largest of a name, values are one: `_other_`. */
export interface SegmentOutcomes {
  readonly name: string;
  readonly value: string;
  readonly labelled: readonly OutcomeGroup[];
}

/** How the outcomes of a window's predictions came in. */
export interface OutcomeFacts {
  /** Seconds from prediction to outcome by quantile; null without outcomes. */
  readonly delaySeconds: { readonly median: number; readonly p90: number; readonly p99: number } | null;
  /** Happened later after their prediction than the horizon allows; they do not count. */
  readonly late: number;
  /** Told more than once: the same again, another truth later, another truth at the same instant. */
  readonly duplicate: number;
  readonly corrected: number;
  readonly conflict: number;
}

/** What the serving processes said of themselves over the window; null where they said nothing. */
export interface ServiceCounts {
  /** Calls by duration, on `durationBoundaries` (seconds), boundaries.length + 1 counts. */
  readonly durationBoundaries: readonly number[];
  readonly durationCounts: readonly number[];
  readonly succeeded: number;
  /** By error.type, ascending. */
  readonly failed: readonly { readonly type: string; readonly count: number }[];
  readonly cpuSeconds: number | null;
  readonly maxMemoryBytes: number | null;
}

/** Absolute attributions of a window's predictions, weighted, by feature. */
export interface AttributionSums {
  readonly rows: number;
  /** Sums by feature in up to twenty parts of the rows; a feature without any is left out. */
  readonly parts: readonly Readonly<Record<string, number>>[];
}

/** Values of one feature against the form that is expected of them. */
export interface PatternCounts {
  readonly name: string;
  /** In RE2's syntax, of the whole value. */
  readonly expression: string;
  /** Values, and those that have another form; of sampled records their effective number. */
  readonly rows: number;
  readonly broken: number;
}

/** Rows that repeat an earlier row's features, all of them, by stretch of the window's time. */
export interface DuplicateCounts {
  readonly stretches: readonly { readonly rows: number; readonly repeats: number }[];
  /** The row that came most often within one stretch; null where none came twice. */
  readonly most: { readonly times: number; readonly id: string } | null;
}

/** A feature without any value in a window whose records carry inputs. */
export interface AbsentFeature {
  readonly feature: string;
  /** The most frequent inputs that the profile does not know and that have values, counted on the feature's bins under their own names. */
  readonly unknownInputs: readonly FieldCounts[];
}

/** How many different values the features of a window's records have, by stretch of its time. */
export interface DistinctCounts {
  /** Records of a stretch that carry inputs, and how many there were before sampling. */
  readonly stretches: readonly { readonly rows: number; readonly weighted: number }[];
  /** Distinct values of each feature by stretch, correct to some 2 %; all that are missing or no value of its kind count as one. */
  readonly features: Readonly<Record<string, readonly number[]>>;
}

/** The most common value of a feature within a bin that may hold a stuck one (`stuckBins`). */
export interface RepeatedValue {
  readonly name: string;
  readonly bin: number;
  readonly value: number | string;
  /** Share of the bin's rows that hold it. */
  readonly share: number;
}

/** A window's rows, or a sample of them, in the joint distribution of the profile's features. */
export interface MultivariateCounts {
  /** Rows that were counted. */
  readonly rows: number;
  /** The same by season slot, ascending; slot 0 without a season. */
  readonly slots: readonly { readonly slot: number; readonly rows: number }[];
  /** Features that no row has a value of. */
  readonly absent: readonly string[];
  /** By direction of the profile, counts on its boundaries. */
  readonly slices: readonly (readonly number[])[];
  /** Distances from the reconstruction by the profile's components. */
  readonly errors: {
    readonly counts: readonly number[];
    readonly mean: number;
    readonly standardDeviation: number;
    /** Rows beyond the profile's fence. */
    readonly beyond: number;
  };
  /** Of normal scores, each feature with those before it. */
  readonly correlations: readonly number[];
  /** Rows that have both values, in the same order. */
  readonly correlationRows: readonly number[];
}

/** Everything that the signals may know of one window of one model version; made by SQL, judged without it. */
export interface WindowAggregate {
  readonly tenant: string;
  readonly model: string;
  readonly version: string;
  readonly role: DeploymentRole;
  readonly window: { readonly name: string; readonly startMs: number; readonly endMs: number };
  /** Predictions in the window (weighted, from records; from counters where there are none). */
  readonly predictions: number;
  readonly effectivePredictions: number;
  /** Predictions of the same window one to four weeks before, where there were any. */
  readonly earlierPredictions: readonly number[];
  readonly fields: readonly FieldCounts[];
  /** Predictions of the window whose outcome is known. */
  readonly labelled: readonly OutcomeGroup[];
  /** The same rows by the configured segments; values in ascending order. */
  readonly segments: readonly SegmentOutcomes[];
  readonly outcomes: OutcomeFacts;
  readonly service: ServiceCounts | null;
  /** The first five of them; absent where every feature has values, or no record carries inputs. */
  readonly absentFeatures?: readonly AbsentFeature[];
  /** Absent where the service records none. */
  readonly attributions?: AttributionSums;
  /** Features of which a form is expected; from records that carry inputs. */
  readonly patterns?: readonly PatternCounts[];
  /** Absent where no record has all features of the profile. */
  readonly duplicates?: DuplicateCounts;
  /** Absent where no record has inputs, or the profile does not know how various they are. */
  readonly distinct?: DistinctCounts;
  /** Of features' bins that have grown further than the reference's ever did; from records that carry inputs. */
  readonly repeated?: readonly RepeatedValue[];
  /** Absent where no record has inputs, or the profile keeps no joint distribution. */
  readonly multivariate?: MultivariateCounts;
  /** Absent where no prediction tells the probabilities of its classes, or the model is not one of several. */
  readonly classProbabilities?: ClassProbabilities;
  /** By vector feature of the profile; absent where the profile names none. */
  readonly embeddings?: readonly VectorSample[];
}

/** What a signal judges against. */
export interface JudgeContext {
  readonly profile: Profile;
  readonly config: ModelConfig;
  /** Content hash of `config`. */
  readonly configId: string;
}

/** A measurement before it is stamped with model, window, hashes and revision. */
export type Finding = Pick<
  Measurement,
  | "target"
  | "metric"
  | "attributes"
  | "value"
  | "lower"
  | "upper"
  | "state"
  | "threshold"
  | "evidence"
  | "count"
  | "effective"
>;

/** One kind of computation. Pure: the same aggregate and context give the same findings to the bit. */
export interface Signal {
  readonly name: Measurement["signal"];
  judge(aggregate: WindowAggregate, context: JudgeContext): Finding[];
}
