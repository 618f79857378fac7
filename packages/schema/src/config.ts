import { z } from "zod";
import { durationSchema } from "./duration.ts";
import { kafkaSchema } from "./kafka-config.ts";
import { modelConfigSchema } from "./model-config.ts";
import { serverSchema } from "./server-config.ts";
import { storeSchema } from "./store-config.ts";

const clockSchema = z.strictObject({
  mode: z
    .enum(["live", "replay"])
    .default("live")
    .describe("`replay`: time is the records' own and ends when told so."),
  allowedLateness: durationSchema.prefault("5m").describe("How far the watermark stays behind the newest record."),
  acceptPast: durationSchema.prefault("40d").describe("Older records are refused one by one; not under replay."),
  acceptFuture: durationSchema.prefault("5m").describe("Newer records are refused one by one; not under replay."),
});

/** The whole of a tidemark.yaml. Five lines are enough; everything else has a default. */
export const configSchema = z.strictObject({
  server: serverSchema.prefault({}).describe("Where the processor listens."),
  store: storeSchema.prefault({}).describe("Where records are kept: the embedded ClickHouse, or a ClickHouse server."),
  kafka: kafkaSchema.optional().describe("Topics that are read beside what the ports receive."),
  export: z
    .strictObject({
      url: z.url().optional().describe("OTLP/HTTP metrics endpoint, such as http://127.0.0.1:4319/v1/metrics."),
      interval: durationSchema.prefault("15s").describe("Time between two exports."),
      events: z
        .url()
        .optional()
        .describe(
          "OTLP/HTTP logs endpoint for explanations of critical changes, such as http://127.0.0.1:4319/v1/logs.",
        ),
    })
    .prefault({})
    .describe("Where measurements go as OTLP metrics, beside /metrics; off unless a URL is given."),
  clock: clockSchema.prefault({}).describe("Event time and its limits."),
  models: z
    .array(modelConfigSchema)
    .min(1)
    .superRefine((models, context) => {
      models.forEach(({ tenant, name }, index) => {
        if (models.findIndex((other) => other.tenant === tenant && other.name === name) < index)
          context.addIssue({ code: "custom", path: [index, "name"], message: "expected each model once" });
      });
    })
    .describe("The models that are watched."),
});

export type Config = z.infer<typeof configSchema>;
