import type { Config } from "@tidemark/schema";
import type { Logger } from "pino";
import type { Pipeline } from "../pipeline/create-pipeline.ts";
import type { OtlpEndpointOptions } from "../receive/otlp-endpoint.ts";
import type { ConnectTopics } from "./connect-topics.ts";
import { consumeTopics, type KafkaIntake } from "./consume-topics.ts";

export interface KafkaOptions {
  readonly config: Config;
  readonly connect: ConnectTopics | null;
  readonly pipeline: Pick<Pipeline, "ingest" | "deadLetters" | "counters">;
  /** What requests at the ports share too. */
  readonly intake: Pick<OtlpEndpointOptions, "room" | "canDecode">;
  readonly logger: Logger;
}

/** Begins to read the configured topics beside the ports; null where the configuration names none. */
export function startKafka({ config, connect, pipeline, intake, logger }: KafkaOptions): KafkaIntake | null {
  const { kafka, server } = config;
  if (kafka === undefined || connect === null) return null;
  const { brokers, groupId } = kafka;
  return consumeTopics({
    ...pipeline,
    ...intake,
    connect,
    topics: kafka.topics,
    tenant: kafka.tenant,
    maxDecodedBytes: server.maxDecodedBytes,
    onState(state, reason) {
      if (state === "reading") logger.info({ brokers, groupId }, "reading from Kafka");
      else logger.warn({ brokers, groupId, reason }, state === "lost" ? "Kafka cannot be read" : "Kafka has to wait");
    },
  });
}
