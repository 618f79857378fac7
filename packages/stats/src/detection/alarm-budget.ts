const LEAST_LOOKS = 100_000;
/** Alarms come in groups, and slots never follow a season wholly: up to 1.75 were measured in as many looks as the line. */
const MARGIN = 2;

/**
 * A, the alarm line of a model's e-detectors: with it the whole model has at most about one false critical in 30 days.
 *
 * @param features monitored features, whatever their dependence.
 * @param looksPerMonth looks at each feature in 30 days: 43,200 by the minute, 720 by the hour.
 * @returns twice features x looks, these at least 100,000 (DETECTION 4 has them once).
 */
export function alarmBudgetLooks(features: number, looksPerMonth: number): number {
  if (!(features >= 1 && looksPerMonth >= 1)) {
    throw new RangeError(`features is ${features}, looksPerMonth ${looksPerMonth}; both are at least 1`);
  }
  return MARGIN * Math.max(LEAST_LOOKS, features * looksPerMonth);
}
