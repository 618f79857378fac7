import type { RedactedRecord } from "./records/redact.ts";
import type { Problem } from "./records/rejections.ts";

export type OtlpEncoding = "protobuf" | "json";

/** What the decoders need to know besides the bytes. */
export interface DecodeContext {
  /** Stamped on every record. */
  readonly tenant: string;
  /** First event time that is accepted, Unix nanoseconds. */
  readonly acceptFromUnixNano: bigint;
  /** Last event time that is accepted, Unix nanoseconds. */
  readonly acceptToUnixNano: bigint;
  /** Is told of every record that is refused; `redact` makes what may be kept of it, if called at once. */
  readonly onRejected?: (problem: Problem, redact: () => RedactedRecord) => void;
}

/** Largest time that signed 64-bit nanoseconds, and so the store, can hold: 2262-04-11. */
const MAX_UNIX_NANO = 2n ** 63n - 1n;

export function isAcceptedTime(timeUnixNano: bigint, context: DecodeContext): boolean {
  return (
    timeUnixNano >= context.acceptFromUnixNano &&
    timeUnixNano <= context.acceptToUnixNano &&
    timeUnixNano <= MAX_UNIX_NANO
  );
}

/** A nanosecond time as a person reads it, for messages. */
export function describeTime(timeUnixNano: bigint): string {
  const date = new Date(Number(timeUnixNano / 1_000_000n));
  return Number.isNaN(date.getTime()) ? `${timeUnixNano} ns` : date.toISOString();
}
