import type { Profile } from "@tidemark/schema";

/** Hours since the epoch at which the first Monday began; the week of the season begins there. */
const MONDAY_HOUR = 96;
export const HOURS_OF_WEEK = 168;

/** SQL of the season slot of an hour, an integer expression that counts hours since the epoch; 0 without a season. */
export function slotSql(season: Profile["season"], hour: string): string {
  if (season === null) return "toUInt16(0)";
  return `[${season.slotOfHour.join()}][1 + (${hour} + ${HOURS_OF_WEEK - MONDAY_HOUR}) % ${HOURS_OF_WEEK}]`;
}

/** Season slot of an hour that counts from the epoch; 0 without a season. */
export function slotOfHour(season: Profile["season"], hour: number): number {
  return season?.slotOfHour[(hour + HOURS_OF_WEEK - MONDAY_HOUR) % HOURS_OF_WEEK] ?? 0;
}
