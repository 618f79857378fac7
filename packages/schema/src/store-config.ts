import { z } from "zod";
import { durationSchema } from "./duration.ts";

/** They say how a server is used, and nothing without one. */
const SERVER_KEYS = ["user", "passwordFile", "database", "cluster"] as const;
const identifier = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "expected letters, digits and underscores");

/** Where records are kept, and for how long. */
export const storeSchema = z
  .strictObject({
    path: z
      .string()
      .min(1)
      .default("tidemark-data")
      .describe("Data folder, relative to this file; with `url`, of the audit log and the dead letters alone."),
    retention: durationSchema
      .prefault("180d")
      .describe("How long records are kept after they came; longer where an open window needs them. Not under replay."),
    resultRetention: durationSchema
      .prefault("1095d")
      .describe(
        "How long measurements and explanations are kept, `retention` at least; those of windows shorter than a day go with the records.",
      ),
    backups: z
      .string()
      .min(1)
      .default("tidemark-backups")
      .describe("Folder that `tidemark backup` writes into, relative to this file; not with `url`."),
    url: z
      .url({ protocol: /^https?$/, error: "expected an http or https address, such as https://clickhouse:8443" })
      .refine((text) => !/^https?:\/\/[^/]*@/.test(text), {
        error: "expected no credentials in the address; name store.user and store.passwordFile",
      })
      .optional()
      .describe("HTTP interface of a ClickHouse server that keeps the records instead of the embedded engine."),
    user: z.string().min(1).optional().describe("User at the server; `default` where left out."),
    passwordFile: z.string().min(1).optional().describe("File that holds the user's password, relative to this file."),
    database: identifier.optional().describe("Database at the server; `tidemark` where left out, made if missing."),
    cluster: identifier
      .optional()
      .describe("Name of the server's cluster: tables are replicated, and distributed over its shards."),
  })
  .superRefine((store, context) => {
    for (const key of SERVER_KEYS) {
      if (store[key] === undefined || store.url !== undefined) continue;
      const message = `expected store.url beside it: it says how a ClickHouse server is used`;
      context.addIssue({ code: "custom", path: [key], message });
    }
  });
