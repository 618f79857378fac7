/** Outcome of a hypothesis test. A member is null where it does not exist on the data given; never NaN. */
export interface TestResult {
  readonly statistic: number | null;
  /** In [0, 1]. */
  readonly pValue: number | null;
}

/**
 * Direction of the alternative. `two-sided`: the distributions differ. For one-sided alternatives the doc comment of the test says
 * what is less or greater.
 */
export type Alternative = "two-sided" | "less" | "greater";
