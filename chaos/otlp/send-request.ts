import { Agent, request as httpRequest } from "node:http";
import type { ChaosAnswer } from "./check-answer.ts";
import type { ChaosRequest } from "./otlp-request.ts";

const TIMEOUT_MS = 60_000;

/** Sends requests over connections that are kept, `connections` at a time. */
export function createSender(url: string, connections: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const { hostname, port } = new URL(url);
  const send = (request: ChaosRequest): Promise<ChaosAnswer> =>
    new Promise((resolve, reject) => {
      const headers = {
        "content-type": request.encoding === "json" ? "application/json" : "application/x-protobuf",
        "content-length": request.bytes.length,
        ...(request.gzip ? { "content-encoding": "gzip" } : {}),
      };
      const path = `/v1/${request.signal}`;
      const sent = httpRequest({ agent, hostname, port, method: "POST", path, headers, timeout: TIMEOUT_MS });
      sent.once("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.once("error", reject);
        response.once("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            contentType: response.headers["content-type"] ?? "",
            retryAfter: response.headers["retry-after"] ?? null,
            body: Buffer.concat(chunks),
          }),
        );
      });
      sent.once("timeout", () => sent.destroy(new Error("no answer")));
      sent.once("error", (error: NodeJS.ErrnoException) => {
        // The server may close a kept connection at the moment that it is used again; a client then asks anew.
        if (sent.reusedSocket && (error.code === "ECONNRESET" || error.code === "EPIPE"))
          send(request).then(resolve, reject);
        else reject(error);
      });
      sent.end(request.bytes);
    });
  return { send, close: () => agent.destroy() };
}
