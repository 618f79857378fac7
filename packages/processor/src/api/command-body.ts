import { type BodyLimits, readBody } from "../receive/read-body.ts";
import { RequestError } from "./request-error.ts";
import type { RouteCall } from "./routes.ts";

/** The body of a request, unpacked. Throws RequestError 400, 413 or 415. */
export async function bodyOf({ request }: RouteCall, limits: BodyLimits): Promise<Uint8Array> {
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding !== "gzip" && encoding !== "identity") {
    throw new RequestError(415, "requestInvalid", `expected content-encoding gzip or none, found ${encoding}`);
  }
  const body = await readBody(request, encoding, limits);
  if (body.kind === "body") return body.bytes;
  const message = "message" in body ? body.message : "the request ended early";
  throw new RequestError(body.kind === "too_large" ? 413 : 400, "requestInvalid", message);
}

/** A body as JSON; undefined where it is none. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
  } catch {
    return undefined;
  }
}
