import { TidemarkError } from "@tidemark/semconv";
import { readToken, TOKEN_VARIABLE } from "./read-token.ts";

/** Where a responder is, and who asks. */
export interface ResponderConnection {
  readonly url: string;
  readonly tokenFile?: string;
}

/**
 * Asks a responder's API as a person.
 * Throws TidemarkError: `usage` without a token, `responderUnreachable`, `responderRefused`.
 */
export async function callResponder<T>(
  { url, tokenFile }: ResponderConnection,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const token = await readToken(tokenFile);
  if (token === null) {
    throw new TidemarkError("usage", `no token: neither --token-file nor the variable ${TOKEN_VARIABLE}`);
  }
  const response = await fetch(new URL(path, url), {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    throw new TidemarkError("responderUnreachable", `nothing answers at ${url}`, { cause });
  });
  const answer = (await response.json().catch(() => ({}))) as T & { error?: string };
  if (!response.ok) throw new TidemarkError("responderRefused", answer.error ?? `it answered ${response.status}`);
  return answer;
}
