import type { HrTime } from "@opentelemetry/api";

const MS_PER_SECOND = 1_000;
const NANOSECONDS_PER_MS = 1_000_000;

/** Unix milliseconds as the API's [seconds, nanoseconds]; a fraction counts to the microsecond. */
export function toHrTime(timeMs: number): HrTime {
  const seconds = Math.floor(timeMs / MS_PER_SECOND);
  const micros = Math.round((timeMs - seconds * MS_PER_SECOND) * 1_000);
  return micros === MS_PER_SECOND * 1_000 ? [seconds + 1, 0] : [seconds, (micros * NANOSECONDS_PER_MS) / 1_000];
}
