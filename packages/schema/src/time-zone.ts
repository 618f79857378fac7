import { nearestName } from "@tidemark/semconv";
import { z } from "zod";

/** A time zone by its IANA name; offsets such as +02:00 know no summer time and are refused. */
export const timeZoneSchema = z.string().superRefine((name, context) => {
  if (isTimeZone(name)) return;
  const zones = Intl.supportedValuesOf("timeZone");
  const near = zones.find((zone) => zone.toLowerCase().endsWith(`/${name.toLowerCase()}`)) ?? nearestName(name, zones);
  const message = `expected the IANA name of a time zone, ${near === null ? "such as Europe/Berlin" : `perhaps ${near}`}`;
  context.addIssue({ code: "custom", message });
});

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}
