/** Columns that every export has. */
export const EXPORT_COLUMNS = [
  "id",
  "time",
  "version",
  "role",
  "score",
  "label",
  "value",
  "weight",
  "outcome_label",
  "outcome_value",
  "outcome_time",
  "trace_id",
] as const;
export type ExportColumn = (typeof EXPORT_COLUMNS)[number];

/** Begins the column of an input whose own name another column has. */
export const INPUT_PREFIX = "input_";

/** Begins the column of the probability of a class. */
export const PROBABILITY_PREFIX = "probability:";

/** Begins the column of what a member of an ensemble answered; the colon keeps it from the names that features have. */
export const MEMBER_PREFIX = "member:";
