import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout as pause, setImmediate } from "node:timers/promises";
import { type ConsumeOptions, consumeTopics, type KafkaIntake } from "../../src/kafka/consume-topics.ts";
import type { TopicConsumer, TopicMessage } from "../../src/kafka/topic-consumer.ts";
import type { Ingest } from "../../src/pipeline/ingest.ts";
import { createIngestCounters } from "../../src/pipeline/ingest-counters.ts";
import { createRoom } from "../../src/receive/create-room.ts";
import type { IngestResult } from "../../src/receive/otlp-endpoint.ts";

const STORED: IngestResult = { kind: "stored", accepted: 1, rejections: [] };
const BUSY: IngestResult = { kind: "busy", message: "too much waits" };

const message = (offset: number, bytes = 10, topic = "logs"): TopicMessage => ({
  topic,
  partition: 0,
  offset: BigInt(offset),
  value: new Uint8Array(bytes),
});

/** As the client wraps it. */
const REFUSED = new AggregateError(
  [new Error("a try failed"), new Error("the last try failed", { cause: new Error("ECONNREFUSED") })],
  "all failed",
);

/** A group whose broker holds these batches; an error among them is the loss of the broker. */
class Group {
  readonly committed: number[] = [];
  taken = 0;
  closed = 0;
  private readonly batches: (readonly TopicMessage[] | Error)[];

  constructor(...batches: (readonly TopicMessage[] | Error)[]) {
    this.batches = batches;
  }

  readonly connect = async (): Promise<TopicConsumer> => ({
    take: async (signal) => {
      while (this.batches.length === 0) await pause(5, undefined, { signal });
      const batch = this.batches.shift()!;
      if (batch instanceof Error) throw batch;
      this.taken += batch.length;
      return batch;
    },
    commit: async (messages) => void this.committed.push(...messages.map(({ offset }) => Number(offset))),
    membership: () => null,
    lag: () => 7,
    close: async () => void this.closed++,
  });
}

interface Run {
  readonly intake: KafkaIntake;
  readonly states: string[];
  readonly letters: { reason: string; record: Readonly<Record<string, string>> }[];
}

function start(context: TestContext, group: Group, ingest: Ingest, options: Partial<ConsumeOptions> = {}): Run {
  const states: string[] = [];
  const letters: Run["letters"] = [];
  const intake = consumeTopics({
    topics: { logs: "logs" },
    tenant: "default",
    connect: group.connect,
    maxDecodedBytes: 1_000,
    room: createRoom(10_000, () => 0),
    canDecode: () => true,
    ingest,
    deadLetters: { add: ({ reason, record }) => void letters.push({ reason, record }), flush: async () => undefined },
    counters: createIngestCounters(),
    onState: (state, reason) => states.push(reason === "" ? state : `${state}: ${reason}`),
    retryDelayMs: () => 1,
    ...options,
  });
  context.after(() => intake.close());
  return { intake, states, letters };
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (const deadline = performance.now() + 5_000; !holds(); await pause(2)) {
    assert.ok(performance.now() < deadline, `not within 5 s: ${what}`);
  }
}

test("an offset is committed when its message is durable, not before", async (context) => {
  let store: (result: IngestResult) => void = () => undefined;
  const group = new Group([message(4), message(5)]);
  let asked = 0;
  start(context, group, () => (asked++ === 0 ? new Promise((resolve) => (store = resolve)) : Promise.resolve(STORED)));
  await until("both are on their way to the store", () => asked === 2);
  await setImmediate();
  assert.deepEqual(group.committed, []);
  store(STORED);
  await until("they are committed", () => group.committed.length === 2);
  assert.deepEqual(group.committed, [4, 5]);
});

test("what the store refuses is offered again, and nothing more is taken meanwhile", async (context) => {
  const answers = [BUSY, { kind: "failed", message: "no disk" } as IngestResult, BUSY];
  const group = new Group([message(1)], [message(2)]);
  let takenWhileRefused = 0;
  const { states } = start(context, group, async () => {
    const answer = answers.shift();
    if (answer !== undefined) takenWhileRefused = group.taken;
    return answer ?? STORED;
  });
  await until("all is committed", () => group.committed.length === 2);
  assert.equal(takenWhileRefused, 1);
  assert.ok(states.includes("waiting: too much waits") && states.includes("waiting: no disk"), states.join());
  assert.equal(states.at(-1), "reading");
});

test("a message above the limit is set aside with where it lies, and reading goes on", async (context) => {
  const group = new Group([message(1, 1_001), message(2)]);
  let stored = 0;
  const { letters } = start(context, group, async () => {
    stored++;
    return STORED;
  });
  await until("both are committed", () => group.committed.length === 2);
  assert.equal(stored, 1);
  const record = { topic: "logs", partition: "0", offset: "1", bytes: "1001" };
  assert.deepEqual(letters, [{ reason: "message_too_large", record }]);
});

test("what cannot be decoded is committed: it would fail each time it came", async (context) => {
  const group = new Group([message(1)]);
  const origins: unknown[] = [];
  start(context, group, async (_signal, _body, _encoding, _tenant, origin) => {
    origins.push(origin);
    return { kind: "undecodable", message: "no protobuf" };
  });
  await until("it is committed", () => group.committed.length === 1);
  assert.deepEqual(origins, [{ topic: "logs", partition: "0", offset: "1" }]);
});

test("a lost broker is said and tried again", async (context) => {
  const group = new Group([message(1)], new Error("ECONNREFUSED"), REFUSED, [message(2)]);
  const { intake, states } = start(context, group, async () => STORED);
  await until("what came after is committed", () => group.committed.length === 2);
  assert.deepEqual(states, ["reading", "lost: logs: ECONNREFUSED", "reading", "lost: logs: ECONNREFUSED", "reading"]);
  assert.equal(group.closed, 2);
  assert.deepEqual(intake.status(), { state: "reading", reason: "", lag: 7, generation: null });
});

test("nothing is taken while there is no room, and the room is given back", async (context) => {
  const room = createRoom(100, () => 0);
  room.take(100);
  const group = new Group([message(1)]);
  const { intake } = start(context, group, async () => STORED, { room });
  await until("it waits", () => intake.status().state === "waiting");
  assert.equal(group.taken, 0);
  room.give(100);
  await until("it is committed", () => group.committed.length === 1);
  assert.equal(room.held(), 0);
});

test("a stop ends the wait for a store that refuses, and commits nothing of it", async (context) => {
  const group = new Group([message(1)]);
  const { intake } = start(context, group, async () => BUSY, { retryDelayMs: () => 60_000 });
  await until("it waits", () => intake.status().state === "waiting");
  await intake.close();
  assert.deepEqual(group.committed, []);
  assert.equal(group.closed, 1);
});
