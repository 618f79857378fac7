import { nearestName } from "@tidemark/semconv";
import { Cron } from "croner";
import { z } from "zod";
import { SCHEDULE_NAMES, scheduleTimes } from "./schedule-times.ts";
import { timeZoneSchema } from "./time-zone.ts";

const cron = z.string().superRefine((text, context) => {
  const message = cronProblem(text);
  if (message !== null) context.addIssue({ code: "custom", message });
});

const EXPECTED =
  'expected hourly, daily, weekly, a cron pattern such as "30 6 * * 1-5", or { cron: ..., timeZone: Europe/Berlin }';

/** When something runs: a name or a cron pattern of five fields, in UTC or in a time zone by its IANA name. */
export const scheduleSchema = z
  .union([cron, z.strictObject({ cron, timeZone: timeZoneSchema.default("UTC") })], { error: EXPECTED })
  .transform((value) => (typeof value === "string" ? { cron: value, timeZone: "UTC" } : value));

export type Schedule = z.infer<typeof scheduleSchema>;

function cronProblem(text: string): string | null {
  if (text in SCHEDULE_NAMES) return null;
  const near = nearestName(text, Object.keys(SCHEDULE_NAMES));
  if (near !== null) return `expected a known schedule, perhaps ${near}`;
  try {
    new Cron(text, { mode: "5-part", timezone: "UTC" });
  } catch (error) {
    return `expected hourly, daily, weekly or five cron fields (minute hour day month weekday); ${(error as Error).message.replace(/^CronPattern: /, "")}`;
  }
  return scheduleTimes({ cron: text, timeZone: "UTC" }).nextAfter(Date.UTC(2026, 0, 1)) === null
    ? "expected a cron pattern that some day matches"
    : null;
}
