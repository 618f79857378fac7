/** What the innermost error says: the client wraps it in one for each try and each step that failed by it. */
export function rootMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner = error instanceof AggregateError ? error.errors.at(-1) : error.cause;
  return inner === undefined ? error.message : rootMessage(inner);
}
