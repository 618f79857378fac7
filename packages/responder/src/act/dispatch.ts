import type { ActionConfig } from "@tidemark/schema";
import type { ActKind } from "./act-kind.ts";
import { acceptedText } from "./reach-allowed.ts";
import { readSecret } from "./read-secret.ts";

type DispatchConfig = Extract<ActionConfig, { type: "dispatch" }>;

/** Asks a pipeline to run, as GitHub's repository dispatch does: for training again. */
export const dispatch: ActKind<DispatchConfig> = {
  async run({ config, idempotencyKey, evidence, directory, reach, signal }) {
    const response = await reach(config.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/vnd.github+json",
        authorization: `Bearer ${await readSecret(directory, config.tokenFile)}`,
        "idempotency-key": idempotencyKey,
        "user-agent": "tidemark-responder",
      },
      body: JSON.stringify({
        event_type: config.event,
        client_payload: { idempotency_key: idempotencyKey, evidence },
      }),
      signal,
    });
    return { text: await acceptedText(response) };
  },
};
