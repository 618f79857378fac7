import { Agent, request as httpRequest } from "node:http";
import { baseRequest } from "../otlp/base-requests.ts";

/** Predictions in one request of the load: the first three of its four records. */
const PREDICTIONS_PER_REQUEST = 3;

/** Ids of predictions by what the sender knows of them. */
export interface Ledger {
  /** Sent, whether or not an answer came. */
  readonly sent: Set<string>;
  /** Answered with 200. */
  readonly acknowledged: Set<string>;
  /** Requests without a 200, which a sender repeats. */
  readonly waiting: Map<string, Buffer>;
}

export function createLedger(): Ledger {
  return { sent: new Set(), acknowledged: new Set(), waiting: new Map() };
}

/** Statuses other than 200, by number; 0 for requests without an answer. */
export type Refusals = Record<number, number>;

export interface Load {
  readonly refusals: Refusals;
  /** Sends no more, and resolves when every request has its answer or none can come. */
  stop(): Promise<void>;
}

/** Sends requests of new predictions, and those that wait, without end, `senders` at a time. */
export function startLoad(url: string, ledger: Ledger, prefix: string, senders = 8): Load {
  const agent = new Agent({ keepAlive: true });
  const refusals: Refusals = {};
  let next = 0;
  let stopping = false;
  const sender = async () => {
    while (!stopping) {
      const [name, body] = ledger.waiting.entries().next().value ?? newRequest(`${prefix}-${next++}`);
      ledger.waiting.delete(name);
      const ids = Array.from({ length: PREDICTIONS_PER_REQUEST }, (_, index) => `${name}-${index}`);
      for (const id of ids) ledger.sent.add(id);
      const status = await post(agent, url, body);
      if (status === 200) {
        for (const id of ids) ledger.acknowledged.add(id);
        // A sender that lost the answer repeats what is stored already.
        if (next % 5 === 0) await post(agent, url, body);
      } else {
        ledger.waiting.set(name, body);
        refusals[status] = (refusals[status] ?? 0) + 1;
        // Nobody listens any more, or not yet again.
        if (status === 0) return;
      }
    }
  };
  const running = Promise.all(Array.from({ length: senders }, sender));
  return {
    refusals,
    async stop() {
      stopping = true;
      await running;
      agent.destroy();
    },
  };
}

function newRequest(name: string): [string, Buffer] {
  return [name, Buffer.from(JSON.stringify(baseRequest("logs", Date.now(), name)))];
}

/** The status, or 0 where the connection broke. */
function post(agent: Agent, url: string, body: Buffer): Promise<number> {
  return new Promise((resolve) => {
    const headers = { "content-type": "application/json", "content-length": body.length };
    const sent = httpRequest(`${url}/v1/logs`, { agent, method: "POST", headers }, (response) => {
      response.resume();
      response.once("end", () => resolve(response.statusCode ?? 0));
      response.once("error", () => resolve(0));
    });
    sent.once("error", () => resolve(0));
    sent.end(body);
  });
}
