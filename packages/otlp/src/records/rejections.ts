/** Records refused for one reason. */
export interface Rejection {
  /** snake_case, from a bounded set: fit for a metric attribute. */
  readonly reason: string;
  readonly count: number;
  /** The first of them in one sentence: field, value and what was expected. */
  readonly example: string;
}

/** Why one record was refused. */
export interface Problem {
  readonly reason: string;
  readonly example: string;
}

/** Counts refused records by reason and keeps the first of each as an example. */
export class RejectionCounter {
  private readonly byReason = new Map<string, { count: number; example: string }>();

  add(problem: Problem): void {
    const entry = this.byReason.get(problem.reason);
    if (entry === undefined) this.byReason.set(problem.reason, { count: 1, example: problem.example });
    else entry.count++;
  }

  /** Sorted by reason. */
  toList(): Rejection[] {
    return [...this.byReason]
      .map(([reason, { count, example }]) => ({ reason, count, example }))
      .sort((a, b) => (a.reason < b.reason ? -1 : 1));
  }
}
