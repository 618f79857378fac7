import assert from "node:assert/strict";
import { test } from "node:test";
import { TidemarkError } from "@tidemark/semconv";
import { createEventTimes } from "../../src/pipeline/event-times.ts";
import { createIngest } from "../../src/pipeline/ingest.ts";
import { createIngestCounters } from "../../src/pipeline/ingest-counters.ts";
import { createMonitoredModels } from "../../src/pipeline/monitored-models.ts";
import { createRecordRouter } from "../../src/pipeline/route-records.ts";
import { createSeriesGuard } from "../../src/pipeline/series-guard.ts";
import { createFairShare } from "../../src/receive/fair-share.ts";
import type { IngestBatch } from "../../src/store/writer.ts";
import { logRequest, outcomeRecord, predictionRecord, somePredictions } from "../service/otlp-requests.ts";
import { testConfig } from "../service/start-test-processor.ts";
import { testProfile } from "../service/test-profile.ts";

function createBench(
  write: (batch: IngestBatch) => Promise<void>,
  { answerWithinMs = 60_000, committingForMs = 0 }: { answerWithinMs?: number; committingForMs?: number } = {},
) {
  const counters = createIngestCounters();
  const eventTimes = createEventTimes();
  const failures: unknown[] = [];
  const deadLetters: object[] = [];
  const model = {
    config: testConfig().models[0]!,
    configId: "c",
    profile: testProfile(),
    features: new Set(["distance", "origin"]),
  };
  const models = createMonitoredModels([model]);
  const ingest = createIngest({
    router: createRecordRouter({ models, counters, series: createSeriesGuard(() => 0), onUnknown: () => undefined }),
    counters,
    eventTimes,
    shares: createFairShare(1e9),
    deadLetters: { add: (letter) => deadLetters.push(letter) },
    writer: { write, committingForMs: () => committingForMs },
    answerWithinMs,
    acceptance: () => ({ fromUnixNano: 0n, toUnixNano: 1n << 62n }),
    onStored: () => undefined,
    onFailure: (error) => failures.push(error),
  });
  const send = (text: string) => ingest("logs", Buffer.from(text), "json", "default");
  return { send, counters, eventTimes, failures, deadLetters };
}

const [prediction] = somePredictions(1, 1);
const request = logRequest([
  predictionRecord(prediction!),
  outcomeRecord({ id: "p-0", timeMs: prediction!.timeMs, label: "late" }),
]);

test("inputs that are not kept are counted, and their predictions are", async () => {
  const batches: IngestBatch[] = [];
  const { send, counters } = createBench(async (batch) => void batches.push(batch));
  const record = predictionRecord(prediction!) as { attributes: object[] };
  const values = [
    { key: "distance", value: { arrayValue: { values: [{ doubleValue: 1 }, { doubleValue: 0.5 }] } } },
    { key: "origin", value: { arrayValue: { values: [{ stringValue: "ATL" }, { doubleValue: 0.5 }] } } },
  ];
  record.attributes = record.attributes.filter((each) => (each as { key: string }).key !== "ml.inference.inputs");
  record.attributes.push({ key: "ml.inference.inputs", value: { kvlistValue: { values } } });
  assert.equal((await send(logRequest([record]))).kind, "stored");
  assert.deepEqual(batches[0]?.predictions[0]?.vectors, { distance: Float32Array.of(1, 0.5) });
  assert.deepEqual(
    counters.list().filter(({ result }) => result === "ignored"),
    [{ record: "input", result: "ignored", reason: "input_not_kept", count: 1 }],
  );
});

test("an answer waits until the batch is durable, and only then are its event times seen", async () => {
  const durable = Promise.withResolvers<void>();
  const batches: IngestBatch[] = [];
  const { send, eventTimes, counters } = createBench((batch) => {
    batches.push(batch);
    return durable.promise;
  });
  let answered = false;
  const result = send(request).then((stored) => {
    answered = true;
    return stored;
  });
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(batches.length, 1);
  assert.deepEqual([answered, eventTimes.list().length, counters.list().length], [false, 0, 0]);
  durable.resolve();
  assert.deepEqual(await result, { kind: "stored", accepted: 2, rejections: [] });
  assert.equal(eventTimes.list()[0]!.lastMs, prediction!.timeMs);
});

test("a failing store is a result, told once, and nothing counts as accepted", async () => {
  const { send, counters, eventTimes, failures } = createBench(() =>
    Promise.reject(new TidemarkError("storeFull", "no space left")),
  );
  assert.deepEqual(await send(request), { kind: "failed", message: "no space left" });
  assert.equal(failures.length, 1);
  assert.deepEqual(eventTimes.list(), []);
  assert.deepEqual(counters.list(), [{ record: "other", result: "dropped", reason: "store_failed", count: 2 }]);
});

test("a store that stands still is told to the sender in time, and what it stores later is counted then", async () => {
  const durable = Promise.withResolvers<void>();
  const { send, counters, eventTimes } = createBench(() => durable.promise, { answerWithinMs: 5 });
  const { kind, message } = (await send(request)) as { kind: string; message: string };
  assert.equal(kind, "failed");
  assert.match(message, /has not answered for 0.005 s; send the request again/);
  assert.deepEqual(counters.list(), []);
  durable.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(
    counters.list().map(({ result, count }) => [result, count]),
    [
      ["accepted", 1],
      ["accepted", 1],
    ],
  );
  assert.equal(eventTimes.list()[0]!.lastMs, prediction!.timeMs);
});

test("while a commit stands still nothing more is queued", async () => {
  const { send } = createBench(() => assert.fail("queued"), { answerWithinMs: 5, committingForMs: 6 });
  assert.equal((await send(request)).kind, "failed");
});

test("a full queue asks the sender to slow down and is no failure", async () => {
  const { send, failures } = createBench(() => Promise.reject(new TidemarkError("storeBusy", "256 MB wait")));
  assert.deepEqual(await send(request), { kind: "busy", message: "256 MB wait" });
  assert.deepEqual(failures, []);
});

test("an undecodable request is counted and answered, nothing is written", async () => {
  const { send, counters } = createBench(() => assert.fail("written"));
  assert.equal((await send("{")).kind, "undecodable");
  assert.equal(counters.list()[0]!.reason, "undecodable_request");
});

test("a request without a record of ours is stored at once", async () => {
  const { send } = createBench(() => assert.fail("written"));
  assert.deepEqual(await send('{"resourceLogs": []}'), { kind: "stored", accepted: 0, rejections: [] });
});

test("what cannot be decoded is set aside by its size and hash, and of many bad records the first five", async () => {
  const { send, deadLetters } = createBench(() => Promise.resolve());
  assert.equal((await send("{")).kind, "undecodable");
  assert.deepEqual(Object.keys((deadLetters[0] as { record: object }).record), ["encoding", "bytes", "sha256"]);
  const bad = { ...predictionRecord(prediction!), timeUnixNano: "0" };
  await send(logRequest(Array.from({ length: 50 }, () => bad)));
  assert.equal(deadLetters.length, 6);
});
