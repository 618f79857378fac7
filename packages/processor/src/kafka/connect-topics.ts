import { resolve } from "node:path";
import type { Consumer, ConsumerOptions, MessagesStream } from "@platformatic/kafka";
import type { KafkaConfig } from "@tidemark/schema";
import { readNamedFile } from "../read-named-file.ts";
import { hearConnections } from "./hear-connections.ts";
import type { TopicConsumer, TopicMessage } from "./topic-consumer.ts";
import type { GroupWatch } from "./watch-group.ts";

type Client = Consumer<Buffer, Buffer, Buffer, Buffer>;
type Stream = MessagesStream<Buffer, Buffer, Buffer, Buffer>;

/** A fetch brings this much of all topics, or one larger message; the next one runs while it is stored. */
const FETCH_BYTES = 8 * 1024 * 1024;
const FETCH_WAIT_MS = 500;
const HEARTBEATS_PER_SESSION = 6;
/** What others have to finish in before the group goes on without them. */
const REBALANCE_MS = 60_000;
/** Between the three tries of a request; then the connection counts as lost. */
const RETRY_DELAY_MS = 300;
const LAG_INTERVAL_MS = 5_000;

/** Joins the group and reads its topics; each call is a new member. Rejects where no broker answers or a topic is missing. */
export type ConnectTopics = () => Promise<TopicConsumer>;

/**
 * Reads the files that the configuration names, and returns how to connect; null without one.
 * Throws TidemarkError `configInvalid` where a file cannot be read.
 */
export async function createConnectTopics(
  config: KafkaConfig | undefined,
  directory: string,
): Promise<ConnectTopics | null> {
  if (config === undefined) return null;
  const heartbeatInterval = Math.floor(config.sessionTimeout / HEARTBEATS_PER_SESSION);
  const rebalanceTimeout = Math.max(REBALANCE_MS, config.sessionTimeout);
  const options: ConsumerOptions<Buffer, Buffer, Buffer, Buffer> = {
    clientId: "tidemark-processor",
    bootstrapBrokers: config.brokers,
    groupId: config.groupId,
    autocommit: false,
    sessionTimeout: config.sessionTimeout,
    heartbeatInterval,
    rebalanceTimeout,
    // A join is answered when all members have joined.
    requestTimeout: rebalanceTimeout + config.sessionTimeout,
    maxBytes: FETCH_BYTES,
    maxBytesPerPartition: FETCH_BYTES,
    maxWaitTime: FETCH_WAIT_MS,
    // The next fetch begins when the last message of this one is taken: two are held, never more.
    highWaterMark: 1,
    retryDelay: RETRY_DELAY_MS,
    ...(await readSecurity(config, directory)),
  };
  const topics = Object.values(config.topics).filter((topic) => topic !== undefined);
  return async () => {
    // Loaded only where it is used.
    const [{ Consumer }, { watchGroup }] = await Promise.all([
      import("@platformatic/kafka"),
      import("./watch-group.ts"),
    ]);
    hearConnections();
    const client: Client = new Consumer(options);
    const lost = watchClient(client);
    const leaseMs = config.sessionTimeout - heartbeatInterval;
    const group = watchGroup(client, { topic: topics[0]!, leaseMs, onFailure: lost.fail });
    try {
      const stream = await client.consume({ topics, mode: "committed", fallbackMode: "earliest" });
      stream.on("error", lost.fail);
      client.startLagMonitoring({ topics }, LAG_INTERVAL_MS);
      return createConsumer(client, stream, lost, group);
    } catch (error) {
      await client.close(true).catch(() => undefined);
      throw error;
    }
  };
}

interface Loss {
  /** Why the client is of no use any more. */
  error(): unknown;
  fail(error: unknown): void;
  lag(): number | null;
}

function watchClient(client: Client): Loss {
  let failure: unknown;
  let lag: number | null = null;
  const fail = (error: unknown) => {
    failure ??= error ?? new Error("the connection to the brokers was lost");
  };
  client.on("error", fail);
  client.on("consumer:heartbeat:stalled", ({ lastError }) => fail(lastError));
  client.on("consumer:lag", (offsets) => {
    lag = [...offsets.values()].flat().reduce((sum, each) => sum + (each > 0n ? Number(each) : 0), 0);
  });
  client.on("consumer:lag:error", () => {
    lag = null;
  });
  return { error: () => failure, fail, lag: () => lag };
}

function createConsumer(client: Client, stream: Stream, lost: Loss, group: GroupWatch): TopicConsumer {
  let wake: () => void = () => undefined;
  // The library fetches only for a stream that somebody listens to.
  stream.on("readable", () => wake());
  stream.on("close", () => wake());
  client.on("error", () => wake());
  return {
    async take(signal) {
      for (;;) {
        signal.throwIfAborted();
        const readable = new Promise<void>((resolve) => {
          wake = resolve;
        });
        if (lost.error() !== undefined) throw lost.error();
        if (stream.destroyed) throw new Error("the connection to the brokers was lost");
        const messages = readAll(stream);
        if (messages.length > 0) return messages;
        signal.addEventListener("abort", wake, { once: true });
        await readable;
        signal.removeEventListener("abort", wake);
      }
    },
    async commit(messages) {
      const next = new Map<string, { topic: string; partition: number; offset: bigint; leaderEpoch: number }>();
      for (const { topic, partition, offset } of messages) {
        const key = `${topic} ${partition}`;
        const known = next.get(key)?.offset ?? 0n;
        if (offset >= known) next.set(key, { topic, partition, offset: offset + 1n, leaderEpoch: -1 });
      }
      await client.commit({ offsets: [...next.values()] });
    },
    membership: () => (lost.error() === undefined ? group.membership() : null),
    lag: lost.lag,
    async close() {
      // Else the group waits for this member until its session ends.
      await client.close(true).catch(() => undefined);
    },
  };
}

function readAll(stream: Stream): TopicMessage[] {
  const messages: TopicMessage[] = [];
  for (let message = stream.read(); message !== null; message = stream.read()) {
    const { topic, partition, offset, value } = message;
    messages.push({ topic, partition, offset, value: value ?? new Uint8Array() });
  }
  return messages;
}

async function readSecurity(
  { tls, sasl }: KafkaConfig,
  directory: string,
): Promise<Pick<ConsumerOptions<Buffer, Buffer, Buffer, Buffer>, "tls" | "sasl">> {
  const read = (key: string, path: string) => readNamedFile(`kafka.${key}`, resolve(directory, path));
  return {
    ...(tls === undefined
      ? {}
      : {
          tls: {
            minVersion: "TLSv1.2" as const,
            ...(tls.authorities === undefined ? {} : { ca: await read("tls.authorities", tls.authorities) }),
            ...(tls.certificate === undefined ? {} : { cert: await read("tls.certificate", tls.certificate) }),
            ...(tls.key === undefined ? {} : { key: await read("tls.key", tls.key) }),
          },
        }),
    ...(sasl === undefined
      ? {}
      : {
          sasl: {
            mechanism: sasl.mechanism,
            username: sasl.user,
            password: await read("sasl.passwordFile", sasl.passwordFile),
          },
        }),
  };
}
