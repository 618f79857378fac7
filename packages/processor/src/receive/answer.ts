import type { Readable } from "node:stream";
import type { TidemarkError } from "@tidemark/semconv";

/** What a handler gives back; only the server writes to the socket. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Uint8Array | Readable;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A JSON answer. 64-bit integers must have been made numbers or strings before. */
export function jsonAnswer(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, contentType: "application/json; charset=utf-8", body: `${JSON.stringify(value)}\n`, headers };
}

/** The shape of every error of the read API: a code, what was found and expected, and what to do. */
export function errorAnswer(
  status: number,
  { code, message, fix }: TidemarkError,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return jsonAnswer(status, { error: { code, message, fix } }, headers);
}
