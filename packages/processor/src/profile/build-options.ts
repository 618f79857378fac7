import type { ModelType } from "@tidemark/schema";

export type DataFormat = "parquet" | "csv" | "jsonl" | "arrow";

export interface BuildProfileOptions {
  /** Parquet, CSV with a header, JSON lines or Arrow. */
  readonly path: string;
  /** By the file's ending where absent. */
  readonly format?: DataFormat | undefined;
  readonly model: { readonly name: string; readonly version: string; readonly type: ModelType };
  /** Column of the event time. It gives the season and the variance inflation; rows need not be in order. */
  readonly time?: string | undefined;
  /** Zone whose wall clock the hours of the season's week are of, by its IANA name; UTC where absent. */
  readonly timeZone?: string | undefined;
  /** Kind by column. Where absent, every column without another part, by its type. */
  readonly features?: Readonly<Record<string, "numeric" | "categorical">> | undefined;
  /** Columns of vectors, such as embeddings. Where absent, and no features are named, every list of fractional numbers of one length. */
  readonly vectors?: readonly string[] | undefined;
  /** Columns of what the model answered. */
  readonly prediction?: PredictionColumns | undefined;
  /** Columns of the truth. */
  readonly outcome?: OutcomeColumns | undefined;
  /** Class that `score` is the probability of; with an outcome it gives the reference's performance. */
  readonly positiveLabel?: string | undefined;
  /** Limits by numeric feature; values beyond are counted as out_of_range. */
  readonly range?: Readonly<Record<string, { readonly min?: number; readonly max?: number }>> | undefined;
  /** How much each feature matters to the model, by name, in any one unit: mean absolute SHAP values, gains, permutation importances. */
  readonly importances?: Readonly<Record<string, number>> | undefined;
  /** Instead of `importances`: what begins the names of columns that hold each feature's attribution, `shap_` for `shap_age`. */
  readonly attributionPrefix?: string | undefined;
  /** Instead of `importances`: measures them from rows of the data, such as by asking the model. */
  readonly measureImportances?:
    | ((rows: readonly FeatureRow[]) => Promise<Readonly<Record<string, number>>>)
    | undefined;
  /** Columns that are declared segments in production, beside the categorical features: the reference's loss is kept by their values. */
  readonly segments?: readonly string[] | undefined;
  /** Only rows from this time on (ISO 8601, UTC where it names no zone). */
  readonly from?: string | undefined;
  /** Only rows before it. */
  readonly to?: string | undefined;
  /** Called with what a person should know of the columns that were chosen. */
  readonly onNote?: ((note: string) => void) | undefined;
  /** Called as the work goes on. */
  readonly onProgress?: ((progress: BuildProgress) => void) | undefined;
}

/** Feature values of one row by name. */
export type FeatureRow = Readonly<Record<string, number | string | null>>;

export interface PredictionColumns {
  readonly score?: string | undefined;
  readonly label?: string | undefined;
  readonly value?: string | undefined;
}

export interface OutcomeColumns {
  readonly label?: string | undefined;
  readonly value?: string | undefined;
}

export interface BuildProgress {
  readonly step: "reading" | "field" | "variance" | "performance" | "estimation" | "multivariate" | "vectors";
  /** The field, or empty. */
  readonly name: string;
  readonly done: number;
  readonly total: number;
}

/** A column whose values are told apart as segments. */
export interface SegmentColumn {
  readonly name: string;
  /** Of the temporary table. */
  readonly sql: string;
}

/** A column that becomes a field of the profile. */
export interface FieldColumn {
  readonly target: "feature" | "prediction" | "outcome";
  readonly name: string;
  readonly column: string;
  readonly kind: "numeric" | "categorical";
  readonly range: { readonly min: number | null; readonly max: number | null };
}
