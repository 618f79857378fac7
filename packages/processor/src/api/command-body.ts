import type { IncomingMessage } from "node:http";
import type { FairShare } from "../receive/fair-share.ts";
import { holdBody } from "../receive/hold-body.ts";
import type { Room } from "../receive/otlp-endpoint.ts";
import { type BodyLimits, readBody } from "../receive/read-body.ts";
import { RequestError } from "./request-error.ts";
import type { RouteCall } from "./routes.ts";

/** What a body needs to be let in: the same room, shares and memory that OTLP requests share. */
export interface BodyIntake {
  readonly limits: BodyLimits;
  readonly room: Room;
  readonly shares: FairShare;
  /** Whether JSON of this size can be parsed now. */
  readonly canParse: (bytes: number) => boolean;
}

const LATER = { "retry-after": "1" };

/**
 * Gives the unpacked body of a request to `use`, and holds its bytes until that has ended.
 * Throws RequestError 400, 413, 415, 429 or 503.
 */
export async function withBody<T>(
  { request, principal }: RouteCall,
  { limits, room, shares, canParse }: BodyIntake,
  use: (bytes: Uint8Array) => Promise<T>,
): Promise<T> {
  const encoding = encodingOf(request);
  if (!room.isLeft() || shares.isOver(principal.tenant)) throw tooMuchWaits();
  const held = holdBody(room, shares, principal.tenant);
  try {
    const body = await readBody(request, encoding, limits, held.hold);
    if (body.kind === "no_room") throw tooMuchWaits();
    if (body.kind === "too_large") throw new RequestError(413, "requestInvalid", body.message);
    if (body.kind !== "body") {
      throw new RequestError(400, "requestInvalid", "message" in body ? body.message : "the request ended early");
    }
    if (!canParse(body.bytes.length)) {
      throw new RequestError(503, "storeBusy", "not enough memory to parse this request now", undefined, LATER);
    }
    return await use(body.bytes);
  } finally {
    held.release();
  }
}

function encodingOf({ headers }: IncomingMessage): "gzip" | "identity" {
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding === "gzip" || encoding === "identity") return encoding;
  throw new RequestError(415, "requestInvalid", `expected content-encoding gzip or none, found ${encoding}`);
}

function tooMuchWaits(): RequestError {
  return new RequestError(429, "storeBusy", "too much waits to be stored", undefined, LATER);
}

/** A body as JSON; undefined where it is none. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
  } catch {
    return undefined;
  }
}
