import { createHmac } from "node:crypto";
import type { ActionConfig } from "@tidemark/schema";
import type { ActKind } from "./act-kind.ts";
import { acceptedText } from "./reach-allowed.ts";
import { readSecret } from "./read-secret.ts";

type WebhookConfig = Extract<ActionConfig, { type: "webhook" }>;

/**
 * Posts a CloudEvent (1.0, structured JSON) with the evidence. Signed as `x-tidemark-signature: t=SECONDS,v1=HEX`, the
 * HMAC-SHA-256 of `SECONDS.BODY`; the event's id is the idempotency key.
 */
export const webhook: ActKind<WebhookConfig> = {
  async run({ config, idempotencyKey, evidence, directory, reach, signal }) {
    const body = JSON.stringify({
      specversion: "1.0",
      type: "dev.tidemark.action",
      source: "/tidemark/responder",
      id: idempotencyKey,
      datacontenttype: "application/json",
      data: evidence,
    });
    const seconds = Math.floor(Date.now() / 1_000);
    const response = await reach(config.url, {
      method: "POST",
      headers: {
        "content-type": "application/cloudevents+json",
        "idempotency-key": idempotencyKey,
        "x-tidemark-signature": signatureOf(await readSecret(directory, config.secretFile), seconds, body),
      },
      body,
      signal,
    });
    return { text: await acceptedText(response) };
  },
};

/** The signature header of a body sent at a Unix time in seconds. */
export function signatureOf(secret: string, seconds: number, body: string): string {
  return `t=${seconds},v1=${createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex")}`;
}
