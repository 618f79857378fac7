import { Agent, request as httpRequest } from "node:http";
import { type RequestTemplate, renew } from "../../bench/ingest/ingest-requests.ts";

/** What became of the requests of a flood, by status; 0 for those whose connection broke. */
export interface Flood {
  readonly answers: Map<number, number>;
  /** Numbers of the requests that were answered 200. */
  readonly acknowledged: number[];
  /** Answers that ask to come again without saying when. */
  withoutRetryAfter: number;
  /** Requests that fell due while all connections were busy: a sender's own queue would hold them. */
  heldBack: number;
  /** Longest wait for an answer, in milliseconds. */
  slowestMs: number;
}

export function createFlood(): Flood {
  return { answers: new Map(), acknowledged: [], withoutRetryAfter: 0, heldBack: 0, slowestMs: 0 };
}

const TICK_MS = 20;

/** Sends requests at a rate, whatever becomes of those before, until told to stop; `nextNumber` makes each one new. */
export function startFlood(
  url: string,
  template: RequestTemplate,
  { perSecond, connections, nextNumber }: { perSecond: number; connections: number; nextNumber: () => number },
  flood: Flood,
): { stop(): Promise<void> } {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const startMs = performance.now();
  let due = 0;
  let open = 0;
  const timer = setInterval(() => {
    const wanted = ((performance.now() - startMs) / 1_000) * perSecond;
    for (; due < wanted; due++) {
      if (open >= connections) {
        flood.heldBack++;
        continue;
      }
      open++;
      void send(agent, url, template, nextNumber(), flood).finally(() => {
        open--;
      });
    }
  }, TICK_MS);
  return {
    async stop() {
      clearInterval(timer);
      while (open > 0) await new Promise((resolve) => setTimeout(resolve, TICK_MS));
      agent.destroy();
    },
  };
}

/** One request; resolves with its status. */
export function send(
  agent: Agent,
  url: string,
  template: RequestTemplate,
  number: number,
  flood: Flood,
): Promise<number> {
  const body = Buffer.from(renew(template, number));
  const sentMs = performance.now();
  return new Promise((resolve) => {
    let isDone = false;
    const done = (status: number) => {
      if (isDone) return;
      isDone = true;
      flood.answers.set(status, (flood.answers.get(status) ?? 0) + 1);
      flood.slowestMs = Math.max(flood.slowestMs, performance.now() - sentMs);
      if (status === 200) flood.acknowledged.push(number);
      resolve(status);
    };
    const headers = { "content-type": "application/x-protobuf", "content-length": body.length };
    const sent = httpRequest(`${url}/v1/logs`, { agent, method: "POST", headers }, (response) => {
      response.resume();
      const status = response.statusCode ?? 0;
      if ((status === 429 || status === 503) && response.headers["retry-after"] === undefined)
        flood.withoutRetryAfter++;
      response.once("end", () => done(status));
      response.once("error", () => done(0));
    });
    sent.once("error", () => done(0));
    sent.end(body);
  });
}
