import { z } from "zod";
import { DEFAULT_TENANT, tenantName } from "./credentials.ts";
import { durationSchema } from "./duration.ts";

const topic = z.string().regex(/^[A-Za-z0-9._-]{1,249}$/, "expected letters, digits, dots, dashes and underscores");
const file = z.string().min(1);

/** Kafka's own lower bound unless the broker's `group.min.session.timeout.ms` says otherwise. */
const MIN_SESSION_MS = 6_000;

const topicsSchema = z
  .strictObject({
    logs: topic.optional().describe("Topic of predictions and outcomes; `tidemark.logs` where no topic is named."),
    metrics: topic.optional().describe("Topic of profiles; `tidemark.metrics` where no topic is named."),
    traces: topic.optional().describe("Topic of spans, for models with `records: spans`."),
  })
  .superRefine((topics, context) => {
    const named = Object.values(topics);
    if (named.length === 0)
      context.addIssue({ code: "custom", message: "expected a topic of logs, metrics or traces" });
    if (new Set(named).size < named.length)
      context.addIssue({ code: "custom", message: "expected a topic of its own for each signal" });
  });

const tlsSchema = z
  .strictObject({
    authorities: file
      .optional()
      .describe("PEM file of the authorities that sign the brokers' certificates; the system's unless given."),
    certificate: file.optional().describe("PEM file of the processor's certificate, where brokers ask for one."),
    key: file.optional().describe("PEM file of its private key."),
  })
  .refine(({ certificate, key }) => (certificate === undefined) === (key === undefined), {
    message: "expected certificate and key together",
  });

const saslSchema = z.strictObject({
  mechanism: z.enum(["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]).describe("How the brokers check the password."),
  user: z.string().min(1).describe("User at the brokers."),
  passwordFile: file.describe("File that holds the user's password, relative to this file."),
});

/** Topics of OTLP requests that the processor reads beside, or instead of, its own ports. */
export const kafkaSchema = z
  .strictObject({
    brokers: z
      .array(z.string().regex(/^[^\s:/]+:\d{1,5}$/, "expected host:port, such as kafka:9092"))
      .min(1)
      .describe("Some of the cluster's brokers, as host:port."),
    topics: topicsSchema
      .prefault({ logs: "tidemark.logs", metrics: "tidemark.metrics" })
      .describe("What is read: messages of the Collector's Kafka exporter with `encoding: otlp_proto`."),
    groupId: z
      .string()
      .regex(/^\S+$/, "expected a name without spaces")
      .default("tidemark-processor")
      .describe("Consumer group. Processors that share a store share it; others need one of their own."),
    tenant: tenantName.default(DEFAULT_TENANT).describe("Whose records the topics carry."),
    sessionTimeout: durationSchema
      .refine((ms) => ms >= MIN_SESSION_MS, "expected at least 6s")
      .prefault("30s")
      .describe("Silence after which the brokers give this processor's partitions to another."),
    tls: tlsSchema.optional().describe("TLS to the brokers; `{}` with the system's authorities."),
    sasl: saslSchema.optional().describe("User and password at the brokers."),
  })
  .refine(({ sasl, tls }) => sasl?.mechanism !== "PLAIN" || tls !== undefined, {
    message: "expected kafka.tls with the mechanism PLAIN, which sends the password as it is",
    path: ["sasl", "mechanism"],
  });

export type KafkaConfig = z.infer<typeof kafkaSchema>;
