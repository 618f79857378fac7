import * as http from "node:http";
import * as https from "node:https";
import { context, createContextKey } from "@opentelemetry/api";

export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  readonly timeoutMs: number;
  /** A longer answer is an error. */
  readonly maxBytes: number;
  /** Whether the process waits for the answer where nothing else keeps it; false unless given. */
  readonly keepsProcess?: boolean;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** The key by which @opentelemetry/core marks a context whose requests are not to be traced. */
const SUPPRESS_TRACING = createContextKey("OpenTelemetry SDK Context Key SUPPRESS_TRACING");

/**
 * Asks an HTTP server on behalf of ourselves: without a span in the host's traces, and without keeping a process alive
 * that is done. By node:http, since a `fetch` cannot do the latter. Rejects where there is no whole answer in time.
 */
export function sendRequest(url: string, { keepsProcess = false, ...request }: HttpRequest): Promise<HttpAnswer> {
  return context.with(context.active().setValue(SUPPRESS_TRACING, true), () => ask(url, keepsProcess, request));
}

function ask(url: string, keepsProcess: boolean, request: Omit<HttpRequest, "keepsProcess">): Promise<HttpAnswer> {
  const { method, headers, body, timeoutMs, maxBytes } = request;
  return new Promise((resolve, reject) => {
    const { request: open } = url.startsWith("https:") ? https : http;
    const outgoing = open(
      url,
      { method, headers, agent: false, signal: AbortSignal.timeout(timeoutMs) },
      (incoming) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        incoming.on("data", (chunk: Buffer) => {
          bytes += chunk.byteLength;
          if (bytes <= maxBytes) chunks.push(chunk);
          else incoming.destroy(new Error(`the answer of ${url} is longer than ${maxBytes} bytes`));
        });
        incoming.on("error", reject);
        incoming.on("end", () => {
          resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") });
        });
      },
    );
    if (!keepsProcess) outgoing.on("socket", (socket) => socket.unref());
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
