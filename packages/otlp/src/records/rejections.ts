/** Records refused for one reason. */
export interface Rejection {
  /** snake_case, from a bounded set: fit for a metric attribute. */
  readonly reason: string;
  readonly count: number;
  /** The first of them in one sentence: field, value and what was expected. */
  readonly example: string;
  /** Place of that one among the log records, spans or points of known metrics in the request, from 0. */
  readonly first: number;
}

/** Why one record was refused. */
export interface Problem {
  readonly reason: string;
  readonly example: string;
}

/** Counts refused records by reason and keeps the first of each as an example. */
export class RejectionCounter {
  private readonly byReason = new Map<string, { count: number; example: string; first: number }>();

  /** @param place of the refused record in its request, from 0. */
  add({ reason, example }: Problem, place: number): void {
    const entry = this.byReason.get(reason);
    if (entry === undefined) this.byReason.set(reason, { count: 1, example, first: place });
    else entry.count++;
  }

  /** Sorted by reason. */
  toList(): Rejection[] {
    return [...this.byReason]
      .map(([reason, entry]) => ({ reason, ...entry }))
      .sort((a, b) => (a.reason < b.reason ? -1 : 1));
  }
}
