import type { IncomingMessage } from "node:http";
import { encodeExportResponse, encodeStatus, type OtlpEncoding, type Rejection } from "@tidemark/otlp";
import { type Access, callerOf } from "../access/access.ts";
import type { Answer } from "./answer.ts";
import type { FairShare } from "./fair-share.ts";
import { holdBody } from "./hold-body.ts";
import { type BodyLimits, type BodyResult, readBody } from "./read-body.ts";

export type OtlpSignal = "logs" | "metrics" | "traces";

/** What became of one export request. */
export type IngestResult =
  /** Everything that was not rejected is durable; `accepted` leaves out what was ignored. */
  | { readonly kind: "stored"; readonly accepted: number; readonly rejections: readonly Rejection[] }
  | { readonly kind: "undecodable"; readonly message: string }
  /** Too much waits already; the sender should try again later. */
  | { readonly kind: "busy"; readonly message: string }
  /** The store failed; nothing of the request was acknowledged. */
  | { readonly kind: "failed"; readonly message: string };

/** A bounded amount of memory, in bytes. */
export interface Room {
  /** Whether there is any left. */
  isLeft(): boolean;
  /** Takes some, beyond the bound by this one piece at most. */
  take(bytes: number): void;
  give(bytes: number): void;
  /** Bytes taken and not given back. */
  held(): number;
}

export interface OtlpEndpointOptions {
  readonly access: Access;
  readonly limits: BodyLimits;
  /** Memory that request bodies and the records waiting to be stored share. */
  readonly room: Room;
  /** What tenants hold of the room, and models of what waits to be stored. */
  readonly shares: FairShare;
  /** Whether a body of this size can be decoded now. */
  readonly canDecode: (bytes: number, encoding: OtlpEncoding) => boolean;
  readonly ingest: (
    signal: OtlpSignal,
    body: Uint8Array,
    encoding: OtlpEncoding,
    tenant: string,
  ) => Promise<IngestResult>;
}

/** google.rpc.Code of the failures that OTLP/HTTP answers. */
const GRPC_INVALID_ARGUMENT = 3;
const GRPC_PERMISSION_DENIED = 7;
const GRPC_RESOURCE_EXHAUSTED = 8;
const GRPC_UNIMPLEMENTED = 12;
const GRPC_UNAVAILABLE = 14;
const GRPC_UNAUTHENTICATED = 16;

const CONTENT_TYPES: Readonly<Record<OtlpEncoding, string>> = {
  protobuf: "application/x-protobuf",
  json: "application/json",
};

const RETRY_AFTER_SECONDS = "1";
const NO_ROOM = "too many records wait to be stored";
const OVER_SHARE = "this tenant holds more than its share of what may wait";
const NO_MEMORY = "not enough memory to decode this request now";

/**
 * Answers one OTLP/HTTP export request: 200 only once its records are durable, with partial success where some were
 * refused; 400, 401, 403, 405, 413, 415, 429 and 503 with a Status in the request's own encoding.
 * Source: OTLP 1.11, "OTLP/HTTP Response".
 */
export async function answerOtlp(
  request: IncomingMessage,
  signal: OtlpSignal,
  options: OtlpEndpointOptions,
): Promise<Answer> {
  const encoding = encodingOf(request.headers["content-type"]);
  const caller = options.access.authorize(callerOf(request), "ingest");
  if (caller.kind === "refused") {
    const code = caller.status === 401 ? GRPC_UNAUTHENTICATED : GRPC_PERMISSION_DENIED;
    const challenge = caller.challenge === undefined ? {} : { "www-authenticate": caller.challenge };
    return failure(caller.status, encoding ?? "json", code, caller.message, challenge);
  }
  const { tenant } = caller.principal;
  if (request.method !== "POST") {
    return failure(405, encoding ?? "json", GRPC_UNIMPLEMENTED, `expected POST, found ${request.method}`, {
      allow: "POST",
    });
  }
  if (encoding === null) {
    const found = request.headers["content-type"] ?? "none";
    const message = `expected content-type application/x-protobuf or application/json, found ${found}`;
    return failure(415, "json", GRPC_INVALID_ARGUMENT, message);
  }
  const compression = request.headers["content-encoding"] ?? "identity";
  if (compression !== "gzip" && compression !== "identity") {
    return failure(
      415,
      encoding,
      GRPC_INVALID_ARGUMENT,
      `expected content-encoding gzip or none, found ${compression}`,
      {
        "accept-encoding": "gzip, identity",
      },
    );
  }
  const { room, shares } = options;
  if (!room.isLeft()) return tryLater(429, encoding, NO_ROOM);
  if (shares.isOver(tenant)) return tryLater(429, encoding, OVER_SHARE);
  const held = holdBody(room, shares, tenant);
  try {
    const body = await readBody(request, compression, options.limits, held.hold);
    return await answerBody(body, signal, encoding, async (bytes) =>
      options.canDecode(bytes.length, encoding)
        ? options.ingest(signal, bytes, encoding, tenant)
        : { kind: "failed", message: NO_MEMORY },
    );
  } finally {
    held.release();
  }
}

async function answerBody(
  body: BodyResult,
  signal: OtlpSignal,
  encoding: OtlpEncoding,
  ingest: (bytes: Uint8Array) => Promise<IngestResult>,
): Promise<Answer> {
  if (body.kind === "too_large") return failure(413, encoding, GRPC_RESOURCE_EXHAUSTED, body.message);
  if (body.kind === "corrupt") return failure(400, encoding, GRPC_INVALID_ARGUMENT, body.message);
  if (body.kind === "no_room") return tryLater(429, encoding, NO_ROOM);
  if (body.kind === "aborted") return failure(400, encoding, GRPC_INVALID_ARGUMENT, "the request ended early");
  return answerOf(await ingest(body.bytes), signal, encoding);
}

function answerOf(result: IngestResult, signal: OtlpSignal, encoding: OtlpEncoding): Answer {
  switch (result.kind) {
    case "stored": {
      const body = encodeExportResponse(signal, encoding, result.rejections);
      return { status: 200, contentType: CONTENT_TYPES[encoding], body };
    }
    case "undecodable":
      return failure(400, encoding, GRPC_INVALID_ARGUMENT, result.message);
    case "busy":
      return tryLater(429, encoding, result.message);
    case "failed":
      return tryLater(503, encoding, result.message);
  }
}

function encodingOf(contentType: string | undefined): OtlpEncoding | null {
  const type = contentType?.split(";", 1)[0]?.trim().toLowerCase();
  if (type === "application/x-protobuf") return "protobuf";
  return type === "application/json" ? "json" : null;
}

function tryLater(status: 429 | 503, encoding: OtlpEncoding, message: string): Answer {
  const code = status === 429 ? GRPC_RESOURCE_EXHAUSTED : GRPC_UNAVAILABLE;
  return failure(status, encoding, code, message, { "retry-after": RETRY_AFTER_SECONDS });
}

function failure(
  status: number,
  encoding: OtlpEncoding,
  grpcCode: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return { status, contentType: CONTENT_TYPES[encoding], body: encodeStatus(encoding, grpcCode, message), headers };
}
