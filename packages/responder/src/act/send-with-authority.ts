import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { Readable } from "node:stream";

/**
 * A request whose server is believed only with a certificate of the authority given (PEM, one or several), as `fetch`
 * otherwise: resolves with the answer's head, rejects where none came. No redirect is followed.
 */
export async function sendWithAuthority(url: string, init: RequestInit, authority: string): Promise<Response> {
  const { method = "GET", headers, body, signal } = init;
  const sent = request(url, {
    method,
    headers: Object.fromEntries(new Headers(headers)),
    ca: authority,
    ...(signal == null ? {} : { signal }),
  });
  // After the head the answer's own stream tells of errors; one told here too must not end the process.
  sent.on("error", () => undefined);
  sent.end(typeof body === "string" ? body : undefined);
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  const status = answer.statusCode ?? 0;
  // A response of these has no body, and the constructor insists on it.
  const isEmpty = status === 204 || status === 205 || status === 304;
  if (isEmpty) answer.resume();
  const stream = Readable.toWeb(answer) as ReadableStream<Uint8Array>;
  return new Response(isEmpty ? null : stream, { status });
}
