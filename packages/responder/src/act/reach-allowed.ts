import type { Reach } from "./act-kind.ts";
import { OutcomeUnknown } from "./act-kind.ts";

const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * Requests to the hosts of an allow-list. A host is compared whole, with its port where that is not the scheme's own;
 * redirects are not followed, since they could lead anywhere. Throws where the host is not listed; OutcomeUnknown where
 * no answer came after the request was on its way.
 */
export function reachAllowed(allowedHosts: readonly string[], send: typeof fetch = fetch): Reach {
  const allowed = new Set(allowedHosts.map((host) => host.toLowerCase()));
  return async (url, init) => {
    const { host, protocol, username } = new URL(url);
    if (protocol !== "https:" && protocol !== "http:") throw new Error(`${protocol} is no protocol for an action`);
    if (username !== "") throw new Error("an action's address may not hold a user name");
    if (!allowed.has(host)) throw new Error(`the host ${host} is not in allowedHosts`);
    try {
      return await send(url, { ...init, redirect: "manual" });
    } catch (cause) {
      if (isRefusedConnection(cause)) throw new Error(`${host} cannot be reached`, { cause });
      throw new OutcomeUnknown(`no answer came from ${host}: ${(cause as Error).message}`, { cause });
    }
  };
}

/** The answer's text where the status says that it was done; throws with the target's words where not. */
export async function acceptedText(response: Response): Promise<string> {
  const text = (await response.text()).slice(0, MAX_ANSWER_BYTES);
  const line = `${response.status} ${text.split("\n", 1)[0]!.slice(0, 200)}`.trim();
  if (response.ok) return line;
  // A server that failed may have failed after it did what it was asked.
  if (response.status >= 500) throw new OutcomeUnknown(`the target answered ${line}`);
  throw new Error(`the target answered ${line}`);
}

/** Nothing listened: the request never left. */
function isRefusedConnection(error: unknown): boolean {
  const { code } = ((error as Error).cause ?? {}) as { code?: string };
  return code === "ECONNREFUSED" || code === "ENOTFOUND" || code === "EAI_AGAIN";
}
