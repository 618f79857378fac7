import type { Profile } from "@tidemark/schema";

/** Hours since the epoch at which the first Monday began; the week of the season begins there. */
const MONDAY_HOUR = 96;
export const HOURS_OF_WEEK = 168;

/** Season slot of an hour given in hours since the epoch; 0 where the profile has no season. */
export function slotOfHour(season: Profile["season"], hour: number): number {
  if (season === null) return 0;
  return season.slotOfHour[(((hour - MONDAY_HOUR) % HOURS_OF_WEEK) + HOURS_OF_WEEK) % HOURS_OF_WEEK]!;
}

/** The same in SQL, of an integer expression that counts hours since the epoch (not before it). */
export function slotSql(season: Profile["season"], hour: string): string {
  if (season === null) return "toUInt16(0)";
  return `[${season.slotOfHour.join()}][1 + (${hour} + ${HOURS_OF_WEEK - MONDAY_HOUR}) % ${HOURS_OF_WEEK}]`;
}
