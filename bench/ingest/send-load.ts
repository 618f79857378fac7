import { Agent, request as httpRequest } from "node:http";
import { type RequestTemplate, renew } from "./ingest-requests.ts";
import { cpuSeconds } from "./measured-process.ts";

export interface LoadResult {
  readonly predictions: number;
  readonly wallSeconds: number;
  /** CPU of the receiving process alone. */
  readonly cpuSeconds: number;
}

const CONNECTIONS = 16;

/**
 * Sends requests to a receiver, `CONNECTIONS` at a time, each with new ids, until `requests` are answered 200, and measures
 * the receiver alone. A request that is told to come later is sent again.
 */
export async function sendLoad(
  url: string,
  pid: number,
  templates: readonly RequestTemplate[],
  requests: number,
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  let next = 0;
  const sender = async () => {
    while (next < requests) {
      const number = next++;
      // A copy: the template is made new while this one is on its way.
      const body = Buffer.from(renew(templates[number % templates.length]!, number));
      for (;;) {
        const status = await post(agent, url, body);
        if (status === 200) break;
        if (status !== 429 && status !== 503) throw new Error(`${url} answered ${status}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  };
  const cpuBefore = cpuSeconds(pid);
  const startMs = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, sender));
  const wallSeconds = (performance.now() - startMs) / 1_000;
  agent.destroy();
  return {
    predictions: requests * templates[0]!.idOffsets.length,
    wallSeconds,
    cpuSeconds: cpuSeconds(pid) - cpuBefore,
  };
}

function post(agent: Agent, url: string, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/x-protobuf", "content-length": body.length };
    const sent = httpRequest(`${url}/v1/logs`, { agent, method: "POST", headers }, (response) => {
      response.resume();
      response.once("end", () => resolve(response.statusCode ?? 0));
    });
    sent.once("error", reject);
    sent.end(body);
  });
}
