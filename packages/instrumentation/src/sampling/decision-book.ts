/** Decisions that are remembered, kept and left-out ones each. */
const MAX_DECISIONS = 100_000;

/** Which predictions of this process had events, as far back as its bounds go: their outcomes follow. */
export class DecisionBook {
  readonly #kept = new Set<string>();
  readonly #leftOut = new Set<string>();

  note(id: string, isKept: boolean): void {
    const book = isKept ? this.#kept : this.#leftOut;
    book.add(id);
    if (book.size > MAX_DECISIONS) book.delete(book.values().next().value!);
  }

  /** Undefined where nothing is known of the id: made elsewhere, or too long ago. */
  decisionOf(id: string): boolean | undefined {
    if (this.#kept.has(id)) return true;
    return this.#leftOut.has(id) ? false : undefined;
  }
}
