/** What came of one chaos: how many runs, what was done to them, and every promise that was broken. */
export interface ChaosResult {
  readonly name: string;
  readonly runs: number;
  readonly seed: number;
  /** What happened in all runs together, by name. */
  readonly counts: Readonly<Record<string, number>>;
  /** A line each, with the run that broke it; empty where all were kept. */
  readonly broken: readonly string[];
}

export interface ChaosSize {
  readonly runs: number;
  readonly seed: number;
  /** Told after each run, for progress. */
  readonly onRun: (done: number) => void;
}
