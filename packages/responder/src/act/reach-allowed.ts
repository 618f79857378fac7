import type { Reach } from "./act-kind.ts";
import { OutcomeUnknown } from "./act-kind.ts";
import { sendWithAuthority } from "./send-with-authority.ts";

const MAX_ANSWER_BYTES = 64 * 1024;
/** More than the largest resource that an API server stores. */
const MAX_JSON_BYTES = 4 * 1024 * 1024;

/**
 * Requests to the hosts of an allow-list. A host is compared whole, with its port where that is not the scheme's own;
 * redirects are not followed, since they could lead anywhere. Throws where the host is not listed; OutcomeUnknown where
 * no answer came after the request was on its way.
 */
export function reachAllowed(allowedHosts: readonly string[], send: typeof fetch = fetch): Reach {
  const allowed = new Set(allowedHosts.map((host) => host.toLowerCase()));
  return async (url, { authority, ...init }) => {
    const { host, protocol, username } = new URL(url);
    if (protocol !== "https:" && protocol !== "http:") throw new Error(`${protocol} is no protocol for an action`);
    if (username !== "") throw new Error("an action's address may not hold a user name");
    if (!allowed.has(host)) throw new Error(`the host ${host} is not in allowedHosts`);
    try {
      if (authority !== undefined) return await sendWithAuthority(url, init, authority);
      return await send(url, { ...init, redirect: "manual" });
    } catch (cause) {
      const code = codeOf(cause);
      if (NEVER_SENT.has(code)) throw new Error(`${host} cannot be reached: ${code}`, { cause });
      throw new OutcomeUnknown(`no answer came from ${host}: ${(cause as Error).message}`, { cause });
    }
  };
}

/** The answer's text where the status says that it was done; throws with the target's words where not. */
export async function acceptedText(response: Response): Promise<string> {
  const text = await beginningOf(response, MAX_ANSWER_BYTES);
  const line = `${response.status} ${text.split("\n", 1)[0]!.slice(0, 200)}`.trim();
  if (response.ok) return line;
  // A server that failed may have failed after it did what it was asked.
  if (response.status >= 500) throw new OutcomeUnknown(`the target answered ${line}`);
  throw new Error(`the target answered ${line}`);
}

/** What a target answers to a question that changes nothing. Throws where it does not answer so. */
export async function askedJson(response: Response): Promise<unknown> {
  if (!response.ok) throw new Error(`the target answered ${response.status}`);
  return JSON.parse(await beginningOf(response, MAX_JSON_BYTES));
}

/** As much of the body as is looked at. The status has said what was done, so a body that breaks off changes nothing. */
async function beginningOf({ body }: Response, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let [text, bytes] = ["", 0];
  const reader = body?.getReader();
  try {
    while (reader !== undefined && bytes < maxBytes) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes += value.byteLength;
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    text = `${text} (the rest of the answer did not come)`.trimStart();
  }
  await reader?.cancel().catch(() => undefined);
  return text;
}

/** Nothing listened, or it was not who it should be: the request never left. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

/** fetch tells the network's own error as its cause. */
function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  return String(cause?.code ?? code ?? "");
}
