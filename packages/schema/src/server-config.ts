import { z } from "zod";
import { durationSchema } from "./duration.ts";

const bytes = z.number().int().positive();

const tlsSchema = z.strictObject({
  certificate: z.string().min(1).describe("PEM file of the certificate and its chain, relative to this file."),
  key: z.string().min(1).describe("PEM file of its private key."),
  clientAuthorities: z
    .string()
    .min(1)
    .optional()
    .describe("PEM file of authorities: only clients with a certificate signed by one may connect (mTLS)."),
});

const accessSchema = z.strictObject({
  credentials: z
    .string()
    .min(1)
    .optional()
    .describe("File of credentials, made by `tidemark token add`; without one the processor stays on loopback."),
});

/** Where the processor listens, to whom, and how much it takes at once. */
export const serverSchema = z.strictObject({
  host: z.string().default("127.0.0.1").describe("Address to listen on; beyond loopback only with credentials."),
  access: accessSchema.prefault({}).describe("Who may do what. Files are read again when they change."),
  tls: tlsSchema.optional().describe("HTTPS. Files are read again when they change."),
  port: z
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(4318)
    .describe("Port for OTLP/HTTP, the read API, /metrics and the report."),
  grpcPort: z
    .number()
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe("Port for OTLP/gRPC beside HTTP, such as 4317; off unless given."),
  maxRequestBytes: bytes.default(16 * 1024 * 1024).describe("Largest request body on the wire."),
  maxDecodedBytes: bytes.default(64 * 1024 * 1024).describe("Largest request body after decompression."),
  maxQueuedBytes: bytes
    .default(256 * 1024 * 1024)
    .describe("Bytes that may wait to be stored before senders are told to slow down."),
  drainPeriod: durationSchema
    .prefault("0s")
    .describe("After SIGTERM, how long requests are still answered while /readyz says no. 5s behind a load balancer."),
});
