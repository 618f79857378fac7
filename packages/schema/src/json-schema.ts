import { z } from "zod";
import { configSchema } from "./config.ts";
import { responderConfigSchema } from "./responder-config.ts";

/** JSON Schema (draft 2020-12) of a tidemark.yaml as a person writes it; editors complete and check against it. */
export function configJsonSchema(): Record<string, unknown> {
  return { title: "tidemark.yaml", ...z.toJSONSchema(configSchema, { io: "input" }) };
}

/** JSON Schema of a responder.yaml. */
export function responderJsonSchema(): Record<string, unknown> {
  return { title: "responder.yaml", ...z.toJSONSchema(responderConfigSchema, { io: "input" }) };
}
