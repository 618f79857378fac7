/** The features that a service used beside the same ones computed again from its data, joined by prediction id. */
export interface SkewReport {
  /** Rows of the file that have a record with inputs. */
  readonly rows: number;
  /** Rows whose record names no input at all, as a service may send them with a sample of its records only. */
  readonly rowsWithoutInputs: number;
  readonly rowsWithoutRecord: number;
  readonly recordsWithoutRow: number;
  /** Rows left out because their id is empty, or stands in more than one row. */
  readonly rowsWithoutId: number;
  readonly rowsOfRepeatedIds: number;
  /** Columns of the file that no record has an input for, and inputs that the file has no column for. */
  readonly notRecorded: readonly string[];
  readonly notRecomputed: readonly string[];
  /** By falling share that differs, then by name. */
  readonly features: readonly FeatureSkew[];
}

export interface FeatureSkew {
  readonly name: string;
  readonly kind: "numeric" | "categorical";
  /** Rows in which either side has a value. */
  readonly rows: number;
  /** Of these, those in which the sides differ: two values, or a value on one side alone. */
  readonly differing: number;
  /** Their share with Wilson's 95 % interval; null without rows. */
  readonly share: { readonly value: number; readonly lower: number; readonly upper: number } | null;
  /** Of the differing rows, those with a value on one side alone. */
  readonly missingServed: number;
  readonly missingRecomputed: number;
  /** What explains most of the pairs of two values that differ, nine in ten at least; null where nothing does. */
  readonly explanation: SkewExplanation | null;
  /** The largest differences of numbers, the most frequent ones of categories. */
  readonly examples: readonly SkewExample[];
}

export type SkewExplanation = {
  /** Share of the differing pairs that it explains. */
  readonly share: number;
} & (
  | { readonly kind: "ratio"; readonly ratio: number }
  | { readonly kind: "offset"; readonly offset: number }
  | { readonly kind: "rounded"; readonly decimals: number }
  | { readonly kind: "letter_case_or_blanks" }
  /** The service used what is computed of an earlier row (`rows` above 0) or a later one; seconds: median of the time between. */
  | { readonly kind: "other_row"; readonly rows: number; readonly seconds: number }
);

export interface SkewExample {
  readonly id: string;
  readonly traceId: string;
  readonly time: string;
  readonly served: number | string | null;
  readonly recomputed: number | string | null;
  /** Rows with this pair of values. */
  readonly rows: number;
}
