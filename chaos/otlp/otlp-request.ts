import type { OtlpEncoding, OtlpSignal } from "@tidemark/otlp";

/** What a request must be answered with; null where either is right. */
export type ExpectedStatus = 200 | 400 | 413 | 415 | null;

/** One request of the chaos, and what is known about the right answer. */
export interface ChaosRequest {
  readonly signal: OtlpSignal;
  readonly encoding: OtlpEncoding;
  readonly bytes: Uint8Array;
  readonly gzip: boolean;
  /** What was done to it. */
  readonly mutation: string;
  readonly expected: ExpectedStatus;
  /** Records that must be refused in a partial success; null where that is not known. */
  readonly rejected: number | null;
}
