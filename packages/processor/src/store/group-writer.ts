/**
 * Returns a function that stores items and resolves when they are stored. What is handed in while one insert runs goes with
 * the next: an insert costs as much for ten windows as for one.
 */
export function createGroupWriter<T>(
  insert: (items: readonly T[]) => Promise<void>,
): (items: readonly T[]) => Promise<void> {
  let waiting: T[] = [];
  let next: Promise<void> | null = null;
  let last: Promise<unknown> = Promise.resolve();

  const insertWaiting = (): Promise<void> => {
    const items = waiting;
    waiting = [];
    next = null;
    return insert(items);
  };

  return (items) => {
    // Not spread into push: arguments are bounded by the stack.
    for (const item of items) waiting.push(item);
    if (next === null) {
      next = last.then(insertWaiting);
      last = next.catch(() => undefined);
    }
    return next;
  };
}
