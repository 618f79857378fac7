/** Names remembered at most; beyond that new ones are counted elsewhere and not logged. */
const MAX_NAMES = 1_000;

/**
 * Lets a message through once an interval for each name, so that a sender of a million unknown records writes one line.
 * @param intervalMs Time until the same name may be logged again.
 * @param now Clock, in milliseconds.
 */
export function createLogOnce(intervalMs: number, now: () => number): (name: string, log: () => void) => void {
  const loggedAt = new Map<string, number>();
  return (name, log) => {
    const last = loggedAt.get(name);
    if (last === undefined ? loggedAt.size >= MAX_NAMES : now() - last < intervalMs) return;
    loggedAt.set(name, now());
    log();
  };
}
