/** End of what OTLP's 64-bit nanoseconds can say, in the year 2554. */
const MAX_TIME_MS = Number(2n ** 64n / 1_000_000n);

/** Whether a value is a time in Unix milliseconds that a point or an event can be stamped with. */
export function isEventTime(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value < MAX_TIME_MS;
}
