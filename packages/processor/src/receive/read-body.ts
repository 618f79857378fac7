import type { IncomingMessage } from "node:http";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";

export interface BodyLimits {
  /** Largest body on the wire, in bytes. */
  readonly maxRequestBytes: number;
  /** Largest body after decompression, in bytes. */
  readonly maxDecodedBytes: number;
}

/** Takes part of the memory that all bodies share; false where none is left. */
export type HoldBytes = (bytes: number) => boolean;

export type BodyResult =
  | { readonly kind: "body"; readonly bytes: Uint8Array }
  | { readonly kind: "too_large"; readonly message: string }
  | { readonly kind: "corrupt"; readonly message: string }
  /** All bodies together are as large as may be held. */
  | { readonly kind: "no_room" }
  /** The client went away; nobody is left to answer. */
  | { readonly kind: "aborted" };

/**
 * Reads a request body as it arrives and never holds more than the limits allow: it stops at the first byte too many,
 * on the wire or after decompression, and leaves the socket open for the answer.
 */
export async function readBody(
  request: IncomingMessage,
  encoding: "identity" | "gzip",
  limits: BodyLimits,
  hold: HoldBytes = () => true,
): Promise<BodyResult> {
  const declared = Number(request.headers["content-length"] ?? 0);
  if (declared > limits.maxRequestBytes) return tooLarge("on the wire", limits.maxRequestBytes);
  const chunks: Buffer[] = [];
  const wire = takeAtMost(request.iterator({ destroyOnReturn: false }), limits.maxRequestBytes, "on the wire");
  const collect = async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of takeAtMost(source, limits.maxDecodedBytes, "after decompression")) {
      if (!hold(chunk.length)) throw new NoRoom();
      chunks.push(chunk);
    }
  };
  try {
    await (encoding === "gzip" ? pipeline(wire, createGunzip({ chunkSize: 65_536 }), collect) : collect(wire));
  } catch (error) {
    if (error instanceof BodyTooLarge) return { kind: "too_large", message: error.message };
    if (error instanceof NoRoom) return { kind: "no_room" };
    if (isZlibError(error))
      return { kind: "corrupt", message: `the gzip body cannot be decompressed: ${error.message}` };
    return { kind: "aborted" };
  }
  return { kind: "body", bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks) };
}

class BodyTooLarge extends Error {}
class NoRoom extends Error {}

async function* takeAtMost(source: AsyncIterable<Buffer>, maxBytes: number, place: string): AsyncGenerator<Buffer> {
  let taken = 0;
  for await (const chunk of source) {
    taken += chunk.length;
    if (taken > maxBytes) throw new BodyTooLarge(tooLarge(place, maxBytes).message);
    yield chunk;
  }
}

function tooLarge(place: string, maxBytes: number): { kind: "too_large"; message: string } {
  return { kind: "too_large", message: `the body is larger than ${maxBytes} bytes ${place}; send smaller batches` };
}

function isZlibError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && String(error.code).startsWith("Z_");
}
