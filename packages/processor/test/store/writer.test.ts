import assert from "node:assert/strict";
import { test } from "node:test";
import { TidemarkError } from "@tidemark/semconv";
import { listModels } from "../../src/store/models.ts";
import { readPrediction } from "../../src/store/read-prediction.ts";
import type { Store } from "../../src/store/store.ts";
import { createWriter, type IngestBatch } from "../../src/store/writer.ts";
import { HOUR_MS, KEY, MONDAY_MS, outcome, point, prediction } from "../records.ts";
import { testStores, withStore } from "../temporary-store.ts";

const HOSTILE = [
  "it's",
  'say "hi"',
  "line\n\nDROP TABLE prediction;\n",
  "\u0000\u0001",
  "{a:b} {tenant:String}",
  "\\'; DROP TABLE prediction; --",
  "tab\t",
  "größe 数 🛫",
  "x".repeat(256),
];

function batch(more: Partial<IngestBatch>): IngestBatch {
  return { predictions: [], outcomes: [], points: [], ...more };
}

testStores("text of any kind comes back as it was sent, and never as SQL", async ({ store, write }) => {
  for (const text of HOSTILE) {
    const record = prediction(text, MONDAY_MS, {
      label: text,
      traceId: text,
      segments: { [text]: text },
      inputs: { [text]: text, number: -0.1, yes: true, none: null },
      probabilities: { [text]: 0.25, b: Number.NaN, a: 1 },
      vectors: { [text]: Float32Array.of(0.5, -0, Number.NaN), b: Float32Array.of(1e30) },
      memberAnswers: { [text]: text, number: 0.25, none: null },
    });
    await write({ predictions: [record], outcomes: [outcome(text, MONDAY_MS, { label: text })] });
    const [stored] = await readPrediction(store, { tenant: KEY.tenant, model: KEY.model, id: text });
    assert.deepEqual(stored, {
      ...KEY,
      id: text,
      time: new Date(MONDAY_MS).toISOString(),
      label: text,
      score: null,
      value: null,
      samplingProbability: 1,
      traceId: text,
      segments: [`${text}=${text}`],
      inputs: record.inputs,
      probabilities: { [text]: 0.25, b: null, a: 1 },
      vectors: { [text]: [0.5, -0, null], b: [1e30] },
      members: record.memberAnswers,
      outcome: { time: new Date(MONDAY_MS).toISOString(), kind: "class", label: text, value: null, position: null },
    });
  }
  assert.equal((await listModels(store, "default"))[0]?.predictions, HOSTILE.length);
});

testStores(
  "a repeated record is stored once, and of two different ones the same one stays in either order",
  async ({ store, write }) => {
    const first = prediction("a", MONDAY_MS, { score: 0.25 });
    const second = prediction("a", MONDAY_MS, { score: 0.75 });
    const other = { model: "reversed" };
    await write({ predictions: [first, first] });
    await write({ predictions: [second, first] });
    await write({ predictions: [{ ...second, ...other }] });
    await write({ predictions: [{ ...first, ...other }] });
    const [kept] = await readPrediction(store, { ...KEY, id: "a" });
    const [reversed] = await readPrediction(store, { ...KEY, ...other, id: "a" });
    assert.equal(kept?.score, reversed?.score);
    assert.deepEqual(
      (await listModels(store, "default")).map(({ model, predictions }) => [model, predictions]),
      [
        [KEY.model, 1],
        ["reversed", 1],
      ],
    );
  },
);

testStores(
  "an id that comes again with another event time is another prediction, however close the two are",
  async ({ store, write }) => {
    const second = { score: 0.75 };
    await write({ predictions: [prediction("user-1", MONDAY_MS), prediction("user-1", MONDAY_MS + 1, second)] });
    await write({ predictions: [prediction("user-1", MONDAY_MS + 1, second), prediction("user-1", MONDAY_MS)] });
    const found = await readPrediction(store, { ...KEY, id: "user-1" });
    assert.deepEqual(
      found.map(({ time }) => Date.parse(time) - MONDAY_MS),
      [0, 1],
    );
  },
);

test("one write may span more weeks than the engine takes in one insert", () =>
  withStore(async ({ store, write }) => {
    const predictions = Array.from({ length: 110 }, (_unused, week) =>
      prediction(`w${week}`, MONDAY_MS + week * 168 * HOUR_MS),
    );
    await write({ predictions });
    assert.equal((await listModels(store, "default"))[0]?.predictions, 110);
  }));

test("writes that arrive together are committed together, and each resolves only when its records are stored", async () => {
  const { store, inserts, release } = recordingStore();
  const writer = createWriter(store, { maxQueuedBytes: 1e6, now: () => 7 });
  const done: number[] = [];
  const writes = [0, 1, 2].map((index) =>
    writer.write(batch({ predictions: [prediction(`p${index}`, MONDAY_MS)] })).then(() => done.push(index)),
  );
  assert.ok(writer.queuedBytes() > 0);
  assert.equal(writer.visibleBefore(), 7);
  const flushed = writer.flush();
  release();
  await Promise.all([flushed, ...writes]);
  assert.deepEqual(done, [0, 1, 2]);
  assert.deepEqual(inserts, ["prediction", "prediction"]);
  assert.equal(writer.queuedBytes(), 0);
});

test("a failed commit is told to every write in it, and to none after it", async () => {
  const failure = new TidemarkError("storeFull", "no space left");
  const { store, release } = recordingStore(failure);
  const writer = createWriter(store, { maxQueuedBytes: 1e6, now: () => 7 });
  const first = writer.write(batch({ predictions: [prediction("a", MONDAY_MS)] }));
  const waiting = [1, 2].map(() => writer.write(batch({ outcomes: [outcome("a", MONDAY_MS)] })));
  release();
  await assert.rejects(first, failure);
  const settled = await Promise.allSettled(waiting);
  assert.deepEqual(
    settled.map(({ status }) => status),
    ["fulfilled", "fulfilled"],
  );
});

test("a writer refuses more than its queue holds, and takes again when that is stored", async () => {
  const { store, release } = recordingStore();
  const writer = createWriter(store, { maxQueuedBytes: 10, now: () => 7 });
  const first = writer.write(batch({ points: [point(MONDAY_MS, { metric: "ml.inference.predictions", sum: 1 })] }));
  await assert.rejects(writer.write(batch({})), { code: "TIDEMARK_STORE_BUSY" });
  release();
  await first;
  await writer.write(batch({ predictions: [prediction("a", MONDAY_MS)] }));
});

/** A store that only notes its inserts; the first waits for `release`, and fails if there is a failure to give. */
function recordingStore(failure?: Error): { store: Store; inserts: string[]; release: () => void } {
  const inserts: string[] = [];
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const store = {
    insert: async (table: string) => {
      inserts.push(table);
      await released;
      if (failure !== undefined && inserts.length === 1) throw failure;
    },
  } as unknown as Store;
  return { store, inserts, release };
}

test("boundary lists are stored once while they are few; a sender that makes them up does not fill the memory", async () => {
  let stored = 0;
  const insert = async (table: string) => {
    if (table === "boundary") stored++;
  };
  let nowMs = 0;
  const writer = createWriter({ insert } as unknown as Store, { maxQueuedBytes: 1e9, now: () => nowMs });
  const store = async (boundaries: readonly number[]) => {
    const points = [point(MONDAY_MS, { boundaries, bucketCounts: [...boundaries, 0].map(() => 0n) })];
    const written = writer.write(batch({ points }));
    await writer.flush();
    await written;
    return stored;
  };
  const listOf = (number: number) => Array.from({ length: 4_096 }, (_, index) => number + 2 ** -20 * index);
  assert.equal(await store(listOf(0)), 1);
  assert.equal(await store(listOf(0)), 1);
  // Each of these is a text of some 50,000 characters.
  for (let number = 1; number <= 200; number++) await store(listOf(number));
  assert.equal(stored, 201);
  assert.equal(await store(listOf(0)), 202, "the first list is still remembered after 200 others");
  nowMs = 86_400_000;
  assert.equal(await store(listOf(0)), 203, "retention tells by the arrival that it is still sent");
});

test("a commit that takes too long for other replicas is repeated with a new arrival, and refused when it does again", async () => {
  for (const [tookMs, want] of [
    [[12_000, 1_000], "stored"],
    [[12_000, 12_000], "TIDEMARK_STORE_BUSY"],
  ] as const) {
    let nowMs = 1_000;
    const arrivals: number[] = [];
    const store = {
      insert: async (_table: string, _rows: unknown, receivedMs: number) => {
        nowMs += tookMs[arrivals.length]!;
        arrivals.push(receivedMs);
      },
    } as unknown as Store;
    const writer = createWriter(store, { maxQueuedBytes: 1e6, now: () => nowMs, longestCommitMs: 10_000 });
    const result = await writer.write(batch({ predictions: [prediction("a", MONDAY_MS)] })).then(
      () => "stored",
      (error: TidemarkError) => error.code,
    );
    assert.equal(result, want);
    assert.deepEqual(arrivals, [1_000, 13_000]);
  }
});
