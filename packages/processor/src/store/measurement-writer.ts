import type { Measurement } from "@tidemark/schema";
import { saveMeasurements } from "./measurements.ts";
import type { Store } from "./store.ts";

/**
 * Returns a function that stores measurements and resolves when they are stored. What is handed in while one insert runs
 * goes with the next: an insert costs as much for ten windows as for one.
 */
export function createMeasurementWriter(
  store: Store,
  now: () => number,
): (measurements: readonly Measurement[]) => Promise<void> {
  let waiting: Measurement[] = [];
  let next: Promise<void> | null = null;
  let last: Promise<unknown> = Promise.resolve();

  const insert = (): Promise<void> => {
    const measurements = waiting;
    waiting = [];
    next = null;
    return saveMeasurements(store, measurements, now());
  };

  return (measurements) => {
    waiting.push(...measurements);
    if (next === null) {
      next = last.then(insert);
      last = next.catch(() => undefined);
    }
    return next;
  };
}
