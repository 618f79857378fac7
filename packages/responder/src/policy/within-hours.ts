import type { PolicyStep } from "@tidemark/schema";

const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether a time lies in [from, to) of the day in the zone given; hours that pass midnight are meant so. True without hours. */
export function isWithinHours(hours: PolicyStep["hours"], nowMs: number): boolean {
  if (hours === undefined) return true;
  const { from, to, timeZone } = hours;
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  formats.set(timeZone, format);
  const clock = format.format(nowMs);
  return from <= to ? from <= clock && clock < to : clock >= from || clock < to;
}
