/** Whether a value is a duration in seconds that can be counted. */
export function isDuration(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && Number.isFinite(value);
}
