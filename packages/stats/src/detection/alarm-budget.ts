const LEAST_LOOKS = 100_000;

/**
 * A, the alarm line of a model's e-detectors: with it the whole model has at most about one false critical in 30 days.
 *
 * @param features monitored features, whatever their dependence.
 * @param looksPerMonth looks at each feature in 30 days: 43,200 by the minute, 720 by the hour.
 * @returns features x looks, at least 100,000.
 */
export function alarmBudgetLooks(features: number, looksPerMonth: number): number {
  if (!(features >= 1 && looksPerMonth >= 1)) {
    throw new RangeError(`features is ${features}, looksPerMonth ${looksPerMonth}; both are at least 1`);
  }
  return Math.max(LEAST_LOOKS, features * looksPerMonth);
}
