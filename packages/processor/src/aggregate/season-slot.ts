import type { Profile } from "@tidemark/schema";
import { hourOfWeekSql, hoursOfWeek } from "./wall-clock.ts";

/** What of a profile says which slot of its season an hour belongs to. */
export type Season = Pick<Profile, "season" | "timeZone">;

/** SQL of the season slot of an hour, an integer expression that counts hours since 1970; 0 without a season. */
export function slotSql({ season, timeZone }: Season, hour: string): string {
  return season === null ? "toUInt16(0)" : `[${season.slotOfHour.join()}][1 + ${hourOfWeekSql(timeZone, hour)}]`;
}

/** Season slots of hours that count from 1970; 0 without a season. */
export function slotOfHours({ season, timeZone }: Season): (hour: number) => number {
  if (season === null) return () => 0;
  const hourOfWeek = hoursOfWeek(timeZone);
  return (hour) => season.slotOfHour[hourOfWeek(hour)] ?? 0;
}
