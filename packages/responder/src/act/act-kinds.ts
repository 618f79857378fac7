import type { ActionConfig } from "@tidemark/schema";
import type { ActKind } from "./act-kind.ts";
import { command } from "./command.ts";
import { dispatch } from "./dispatch.ts";
import { flag } from "./flag.ts";
import { kubernetes } from "./kubernetes.ts";
import { webhook } from "./webhook.ts";

/** Every kind of action, by its `type` in the configuration. */
export const actKinds = { webhook, kubernetes, flag, dispatch, command } as const satisfies {
  readonly [T in ActionConfig["type"]]: ActKind<Extract<ActionConfig, { type: T }>>;
};
