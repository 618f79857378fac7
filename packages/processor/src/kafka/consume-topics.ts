import { setTimeout as pause } from "node:timers/promises";
import type { KafkaConfig } from "@tidemark/schema";
import type { DeadLetters } from "../pipeline/dead-letters.ts";
import type { Ingest } from "../pipeline/ingest.ts";
import type { IngestCounters } from "../pipeline/ingest-counters.ts";
import type { IngestResult, OtlpEndpointOptions, OtlpSignal, Room } from "../receive/otlp-endpoint.ts";
import type { CurrentMembership } from "../replicas/membership.ts";
import type { ConnectTopics } from "./connect-topics.ts";
import { rootMessage } from "./root-message.ts";
import type { TopicConsumer, TopicMessage } from "./topic-consumer.ts";

export interface ConsumeOptions {
  readonly topics: KafkaConfig["topics"];
  readonly tenant: string;
  readonly connect: ConnectTopics;
  /** Largest message that is decoded. */
  readonly maxDecodedBytes: number;
  readonly room: Room;
  readonly canDecode: OtlpEndpointOptions["canDecode"];
  readonly ingest: Ingest;
  readonly deadLetters: Pick<DeadLetters, "add" | "flush">;
  readonly counters: IngestCounters;
  /** Called when reading begins, and with the reason when it ends or has to wait. */
  readonly onState: (state: "reading" | "waiting" | "lost", reason: string) => void;
  /** Milliseconds before the n-th try after a failure, from 0. */
  readonly retryDelayMs?: (attempt: number) => number;
}

/** For `/readyz`, `/v1/status` and the metrics. */
export interface KafkaStatus {
  /** `reading`, `waiting` for the store, or `lost`: no broker or no topic. */
  readonly state: "reading" | "waiting" | "lost";
  /** Why it waits or is lost. */
  readonly reason: string;
  /** Messages of this processor's partitions that are not durable yet; null while unknown. */
  readonly lag: number | null;
  /** Of the consumer group, while this processor is a member; null otherwise. */
  readonly generation: number | null;
}

export interface KafkaIntake {
  status(): KafkaStatus;
  membership: CurrentMembership;
  /** Stores and commits what was taken, unless the store refuses it, and leaves the group. */
  close(): Promise<void>;
}

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 10_000;

/**
 * Reads topics into the pipeline. An offset is committed once every record of its message is durable, or set aside where it
 * cannot be taken: what was read before a crash comes again, and what comes twice counts once. While the store refuses
 * records nothing more is taken, and while no broker answers it is tried again, with growing pauses up to 10 s.
 */
export function consumeTopics(options: ConsumeOptions): KafkaIntake {
  const { connect, deadLetters, retryDelayMs = growing } = options;
  const stop = new AbortController();
  const { signal } = stop;
  const signalOf = new Map(Object.entries(options.topics).map(([name, topic]) => [topic, name as OtlpSignal]));
  let state: KafkaStatus["state"] = "lost";
  let reason = "not connected yet";
  let consumer: TopicConsumer | null = null;

  const enter = (next: KafkaStatus["state"], why: string) => {
    if (state === next && reason === why) return;
    state = next;
    reason = why;
    options.onState(next, why);
  };
  const wait = (attempt: number) => pause(retryDelayMs(attempt), undefined, { signal });

  const send = async ({ topic, partition, offset, value }: TopicMessage): Promise<IngestResult> => {
    if (!options.canDecode(value.length, "protobuf")) {
      return { kind: "busy", message: "not enough memory to decode a message now" };
    }
    const origin = { topic, partition: String(partition), offset: String(offset) };
    return options.ingest(signalOf.get(topic)!, value, "protobuf", options.tenant, origin);
  };

  /** Resolves once the message need not come again; rejects only when asked to stop. */
  const settle = async (message: TopicMessage): Promise<void> => {
    const { topic, partition, offset, value } = message;
    if (value.length > options.maxDecodedBytes) {
      const signal = signalOf.get(topic)!;
      const { tenant } = options;
      const record = { topic, partition: String(partition), offset: String(offset), bytes: String(value.length) };
      options.counters.add(tenant, "other", "rejected", "message_too_large", 1);
      return deadLetters.add({ tenant, signal, reason: "message_too_large", record });
    }
    for (let attempt = 0; ; attempt++) {
      const result = await send(message);
      if (result.kind === "stored" || result.kind === "undecodable") return;
      enter("waiting", result.message);
      await wait(attempt);
    }
  };

  const take = async (from: TopicConsumer): Promise<void> => {
    for (let attempt = 0; !options.room.isLeft(); attempt++) {
      enter("waiting", "too many records wait to be stored");
      await wait(attempt);
    }
    const messages = await from.take(signal);
    const bytes = messages.reduce((sum, { value }) => sum + value.length, 0);
    options.room.take(bytes);
    try {
      await Promise.all(messages.map(settle));
      await deadLetters.flush();
    } finally {
      options.room.give(bytes);
    }
    await from.commit(messages);
    enter("reading", "");
  };

  const run = async (): Promise<void> => {
    let attempt = 0;
    while (!signal.aborted) {
      try {
        consumer = await connect();
        enter("reading", "");
        for (;;) {
          await take(consumer);
          attempt = 0;
        }
      } catch (error) {
        if (!signal.aborted) enter("lost", `${[...signalOf.keys()].join(", ")}: ${rootMessage(error)}`);
      }
      await consumer?.close();
      consumer = null;
      await wait(attempt++).catch(() => undefined);
    }
  };
  const membership = () => consumer?.membership() ?? null;
  const running = run();

  return {
    status: () => ({ state, reason, lag: consumer?.lag() ?? null, generation: membership()?.generation ?? null }),
    membership,
    async close() {
      stop.abort();
      await running;
    },
  };
}

function growing(attempt: number): number {
  return Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt);
}
