import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { pipeline } from "node:stream/promises";
import { TidemarkError } from "@tidemark/semconv";
import type { Logger } from "pino";
import type { ServerTls } from "../access/start-access.ts";
import { type Answer, errorAnswer } from "./answer.ts";

export type Handler = (request: IncomingMessage) => Promise<Answer>;

export interface HttpServer {
  /** `http://host:port` with the port really taken. */
  readonly url: string;
  /** Stops accepting, lets running requests end, then closes what is idle. */
  close(): Promise<void>;
}

/** A client must have sent its headers, and its whole request, within these. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
/** Running requests that have not ended this long after close() are cut off. */
const CLOSE_GRACE_MS = 10_000;

/**
 * Serves a handler over HTTP/1.1, and over TLS where `tls` is given.
 * Throws TidemarkError `portTaken` where another process listens on the address or the port is not allowed.
 */
export async function startHttpServer(
  address: { readonly host: string; readonly port: number },
  handler: Handler,
  logger: Logger,
  tls: ServerTls | null = null,
): Promise<HttpServer> {
  const server = createAnyServer(tls, (request, response) => void serve(request, response, handler, logger));
  await listen(server, address);
  const bound = server.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : address.port;
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return { url: `${tls === null ? "http" : "https"}://${host}:${port}`, close: () => closeServer(server) };
}

function createAnyServer(
  tls: ServerTls | null,
  listener: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const timeouts: ServerOptions = {
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: 5_000,
  };
  if (tls === null) return createServer(timeouts, listener);
  const requestCert = tls.requireClientCertificate;
  const server = createTlsServer(
    { ...timeouts, ...tls.options, requestCert, rejectUnauthorized: requestCert },
    listener,
  );
  tls.onChange((options) => server.setSecureContext(options));
  return server;
}

function listen(server: Server, { host, port }: { readonly host: string; readonly port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) =>
      reject(new TidemarkError("portTaken", `cannot listen on ${host}:${port} (${cause.code})`, { cause })),
    );
    server.listen({ host, port }, () => {
      server.removeAllListeners("error");
      resolve();
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cutOff = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
    server.close(() => {
      clearTimeout(cutOff);
      resolve();
    });
    server.closeIdleConnections();
  });
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  handler: Handler,
  logger: Logger,
): Promise<void> {
  try {
    await send(request, response, await handler(request));
  } catch (error) {
    // The client went away before it had its answer: nobody is left to tell.
    if (response.destroyed) return;
    logger.error({ err: error, url: request.url }, "a request failed");
    if (response.headersSent) return void response.destroy();
    await send(request, response, internalError(error)).catch(() => response.destroy());
  }
}

async function send(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  response.statusCode = answer.status;
  response.setHeader("content-type", answer.contentType);
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  // What is left of an unread body would be taken for the next request.
  if (!request.complete) response.setHeader("connection", "close");
  const { body } = answer;
  if (typeof body === "string" || body instanceof Uint8Array) {
    response.setHeader("content-length", Buffer.byteLength(body));
    response.end(request.method === "HEAD" ? undefined : body);
  } else if (request.method === "HEAD") {
    body.destroy();
    response.end();
  } else {
    await pipeline(body, response);
  }
}

function internalError(error: unknown): Answer {
  if (error instanceof TidemarkError) return errorAnswer(503, error, { "retry-after": "1" });
  return errorAnswer(500, new TidemarkError("internal", "the processor could not answer this request"));
}
