export const HOURS_OF_WEEK = 168;
export const WEEK_MS = 168 * 3_600_000;

/** From the Monday before 1970 to it, in hours: 1 January 1970 was a Thursday. */
const MONDAY_BEFORE_EPOCH = 72;
const HOUR_SECONDS = 3_600;

/**
 * SQL of the hour of the week on a zone's wall clock at the beginning of an hour, an integer expression that counts hours since 1970: 0 from Monday's
 * midnight on. In a zone that is half an hour off, the hour that has begun. Undefined: UTC.
 */
export function hourOfWeekSql(timeZone: string | undefined, hour: string): string {
  if (timeZone === undefined) return `(${hour} + ${MONDAY_BEFORE_EPOCH}) % ${HOURS_OF_WEEK}`;
  const time = `toDateTime((${hour}) * ${HOUR_SECONDS}, '${canonicalName(timeZone)}')`;
  return `toInt64(24 * (toDayOfWeek(${time}) - 1) + toHour(${time}))`;
}

/** The same for one hour after the other, of which many are alike. */
export function hoursOfWeek(timeZone: string | undefined): (hour: number) => number {
  const ofWeek = (hour: number) => (hour + MONDAY_BEFORE_EPOCH) % HOURS_OF_WEEK;
  if (timeZone === undefined) return ofWeek;
  const offsetAt = zoneOffset(timeZone);
  const known = new Map<number, number>();
  return (hour) => {
    let found = known.get(hour);
    if (found === undefined) {
      found = ofWeek(hour + Math.floor(offsetAt(hour * HOUR_SECONDS * 1_000) / (HOUR_SECONDS * 1_000)));
      known.set(hour, found);
    }
    return found;
  };
}

/**
 * The instant (Unix milliseconds) at which a zone's wall clock showed the same weeks before, or, of a negative number, will show it weeks later; undefined: UTC.
 * Where clocks are put forward an instant that was left out is the one after as long a time.
 */
export function weeksBefore(ms: number, weeks: number, timeZone: string | undefined): number {
  const before = ms - weeks * WEEK_MS;
  if (timeZone === undefined) return before;
  const offsetAt = zoneOffset(timeZone);
  return before + offsetAt(ms) - offsetAt(before);
}

/** To make one costs as much as twenty uses; a process meets as many zones as its models name. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** What a zone's wall clock is ahead of UTC at an instant (Unix milliseconds), in milliseconds. Throws RangeError for a zone that is none. */
export function zoneOffset(timeZone: string): (ms: number) => number {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" });
  formats.set(timeZone, format);
  return (ms) => {
    const name = format.formatToParts(ms).find(({ type }) => type === "timeZoneName")?.value ?? "";
    const [, sign, hours = 0, minutes = 0, seconds = 0] = /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(name) ?? [];
    return (sign === "-" ? -1_000 : 1_000) * (Number(hours) * HOUR_SECONDS + Number(minutes) * 60 + Number(seconds));
  };
}

/** The engine tells capital letters apart, people need not. */
function canonicalName(timeZone: string): string {
  return new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone;
}
