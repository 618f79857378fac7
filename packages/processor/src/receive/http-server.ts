import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { pipeline } from "node:stream/promises";
import { TidemarkError } from "@tidemark/semconv";
import type { Logger } from "pino";
import type { ServerTls } from "../access/start-access.ts";
import { logFailure } from "../log-failure.ts";
import { type Answer, errorAnswer } from "./answer.ts";

export type Handler = (request: IncomingMessage) => Promise<Answer>;

export interface HttpServer {
  /** `http://host:port` with the port really taken. */
  readonly url: string;
  /** From now on each answer ends its connection, so that clients come back through whatever balances them. */
  drain(): void;
  /** Stops accepting, lets running requests end, then closes what is idle. */
  close(): Promise<void>;
}

/** How long a client may take, in milliseconds. One that takes longer is cut off. */
export interface ClientPatience {
  /** From the connection's opening, or the last answer, to the end of the headers. */
  readonly headersMs: number;
  /** From the connection's opening to the end of the request's body. */
  readonly requestMs: number;
  /** Without taking a byte of its answer. */
  readonly answerMs: number;
  /** How often connections are looked at. */
  readonly checkMs: number;
}

const PATIENCE: ClientPatience = { headersMs: 10_000, requestMs: 60_000, answerMs: 30_000, checkMs: 5_000 };
/** An idle connection is kept longer than clients and proxies keep theirs, so that none is closed while it is used. */
const KEEP_ALIVE_MS = 75_000;
/** What is left of a body is read and thrown away up to here, so that the client reads its answer and not a reset. */
const LINGER_BYTES = 64 * 1024 * 1024;
const LINGER_MS = 5_000;
/** Connections at a time; one more is closed at once. */
const MAX_CONNECTIONS = 2_000;
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
  { tls = null, patience = PATIENCE }: { readonly tls?: ServerTls | null; readonly patience?: ClientPatience } = {},
): Promise<HttpServer> {
  let isDraining = false;
  const server = createAnyServer(tls, patience, (request, response) => {
    if (isDraining) response.setHeader("connection", "close");
    void serve(request, response, handler, logger, patience.answerMs);
  });
  server.maxConnections = MAX_CONNECTIONS;
  await listen(server, address);
  const bound = server.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : address.port;
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return {
    url: `${tls === null ? "http" : "https"}://${host}:${port}`,
    drain() {
      isDraining = true;
      server.closeIdleConnections();
    },
    close: () => closeServer(server),
  };
}

function createAnyServer(
  tls: ServerTls | null,
  { headersMs, requestMs, checkMs }: ClientPatience,
  listener: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const timeouts: ServerOptions = {
    headersTimeout: headersMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: requestMs,
    connectionsCheckingInterval: checkMs,
  };
  if (tls === null) return createServer(timeouts, listener);
  const requestCert = tls.requireClientCertificate;
  const server = createTlsServer(
    { ...timeouts, ...tls.options, handshakeTimeout: headersMs, requestCert, rejectUnauthorized: requestCert },
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
  answerMs: number,
): Promise<void> {
  try {
    const answer = await handler(request);
    // Whoever is told to come again would send it again; reading it to the end would only feed the overload.
    if (answer.headers?.["retry-after"] === undefined) await throwAwayRest(request);
    response.setTimeout(answerMs, () => response.destroy());
    await send(request, response, answer);
  } catch (error) {
    // The client went away before it had its answer: nobody is left to tell.
    if (response.destroyed) return;
    logFailure(logger, error, "a request failed", { url: request.url });
    if (response.headersSent) return void response.destroy();
    await send(request, response, internalError(error)).catch(() => response.destroy());
  }
}

/** Resolves when the body has ended, or is longer than is worth waiting for. */
function throwAwayRest(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    let left = LINGER_BYTES;
    const done = () => {
      clearTimeout(timer);
      request.off("data", onData).off("end", done).off("close", done);
      resolve();
    };
    const onData = (chunk: Buffer) => {
      left -= chunk.length;
      if (left <= 0) done();
    };
    const timer = setTimeout(done, LINGER_MS);
    request.on("data", onData).once("end", done).once("close", done);
  });
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
