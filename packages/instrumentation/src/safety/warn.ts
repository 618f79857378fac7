import { diag } from "@opentelemetry/api";

const MAX_LENGTH = 200;

/** Says something through the host's OpenTelemetry diag logger. Never throws. */
export function warn(message: string): void {
  try {
    diag.warn(`tidemark: ${message}`);
  } catch {
    // The host's diag logger threw; there is no better place to say so.
  }
}

/** A short text of any value, for a message. Never throws. */
export function describeValue(value: unknown): string {
  try {
    if (typeof value === "string") return JSON.stringify(value.slice(0, MAX_LENGTH));
    if (value instanceof Error) return `${value.name}: ${value.message}`.slice(0, MAX_LENGTH);
    return String(value).slice(0, MAX_LENGTH);
  } catch {
    return `an unreadable ${typeof value}`;
  }
}
