import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalJson, type Measurement } from "@tidemark/schema";
import {
  HOUR_MS,
  logRequest,
  MONDAY_MS,
  metricRequest,
  outcomeRecord,
  predictionRecord,
  somePredictions,
  type TestPoint,
} from "./otlp-requests.ts";
import { startTestProcessor, type TestProcessor } from "./start-test-processor.ts";
import { testProfile } from "./test-profile.ts";

const FINISH = '{"finish": true}';

interface Delivery {
  readonly path: "/v1/logs" | "/v1/metrics";
  readonly body: string;
}

const predictions = somePredictions(900, 72);
const outcomes = predictions.map(({ id, timeMs, score }) => ({
  id,
  timeMs: timeMs + 2 * HOUR_MS,
  label: score > 0.4 ? "late" : "on_time",
}));

/** Cumulative counts of `distance`, one point every six hours of the three days. */
function distancePoints(): TestPoint[] {
  const [distance] = testProfile().fields;
  if (distance?.kind !== "numeric") throw new Error("expected a numeric distance");
  const { boundaries } = distance;
  return Array.from({ length: 12 }, (_, index) => {
    const timeMs = MONDAY_MS + (index + 1) * 6 * HOUR_MS;
    const bucketCounts = Array.from({ length: boundaries.length + 1 }, () => 0);
    for (const prediction of predictions) {
      if (prediction.timeMs >= timeMs) continue;
      const bin = boundaries.findIndex((boundary) => prediction.distance! <= boundary);
      bucketCounts[bin < 0 ? boundaries.length : bin]!++;
    }
    return { timeMs, boundaries, bucketCounts };
  });
}

function inOrder(): Delivery[] {
  return [
    { path: "/v1/metrics", body: metricRequest(distancePoints()) },
    { path: "/v1/logs", body: logRequest(predictions.map(predictionRecord)) },
    { path: "/v1/logs", body: logRequest(outcomes.map(outcomeRecord)) },
  ];
}

/** The same records in small requests, backwards, outcomes first, a third of them twice. */
function inDisorder(): Delivery[] {
  const records = [...outcomes.toReversed().map(outcomeRecord), ...predictions.toReversed().map(predictionRecord)];
  const logs = chunks(records, 150).map((chunk): Delivery => ({ path: "/v1/logs", body: logRequest(chunk) }));
  const points = chunks(distancePoints().toReversed(), 5).map(
    (chunk): Delivery => ({ path: "/v1/metrics", body: metricRequest(chunk) }),
  );
  return [...logs, ...points, ...logs.filter((_, index) => index % 3 === 0), ...points];
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

async function deliver(processor: TestProcessor, deliveries: readonly Delivery[]): Promise<void> {
  const responses = await Promise.all(deliveries.map(({ path, body }) => processor.post(path, body)));
  for (const response of responses) assert.equal(response.status, 200, await response.text());
}

async function measurementsOf(processor: TestProcessor): Promise<Measurement[]> {
  return (await processor.json<{ measurements: Measurement[] }>("/v1/measurements")).measurements;
}

const withoutRevision = (found: readonly Measurement[]) =>
  found.map((measurement) => canonicalJson({ ...measurement, revision: 0 }));

test("another order, another split and repetition give bit-identical measurements", async (t) => {
  const results: Measurement[][] = [];
  for (const deliveries of [inOrder(), inDisorder()]) {
    const processor = await startTestProcessor(t);
    await deliver(processor, deliveries);
    assert.equal((await processor.post("/v1/replay", FINISH)).status, 200);
    results.push(await measurementsOf(processor));
    await processor.close();
  }
  const [first, second] = results as [Measurement[], Measurement[]];
  assert.deepEqual(withoutRevision(second), withoutRevision(first));
  for (const reading of ["window", "stream"]) {
    const days = first.filter(
      ({ metric, target, attributes }) =>
        metric === "ml.drift.severity" && target.name === "distance" && attributes["ml.drift.reading"] === reading,
    );
    assert.deepEqual(
      days.map((day) => day.count),
      [300, 300, 300],
    );
  }
});

test("late records bump the revision of what they change, and of nothing else", async (t) => {
  const tuesday = new Date(MONDAY_MS + 24 * HOUR_MS).toISOString();
  const processor = await startTestProcessor(t);
  const logs = inOrder().filter(({ path }) => path === "/v1/logs");
  await deliver(processor, logs);
  await processor.post("/v1/replay", FINISH);
  // Requests that came at once may have revised each other's windows already.
  const before = await measurementsOf(processor);
  const volumeOf = (found: readonly Measurement[]) =>
    found.find(({ metric, window }) => metric === "ml.window.sample.count" && window.start === tuesday)!;

  await deliver(processor, logs);
  await processor.post("/v1/replay", FINISH);
  assert.deepEqual(await measurementsOf(processor), before, "a repeated delivery changes nothing");

  const late = predictionRecord({
    id: "late",
    timeMs: MONDAY_MS + 25 * HOUR_MS,
    score: 0.9,
    distance: 1,
    origin: "PHX",
  });
  await deliver(processor, [{ path: "/v1/logs", body: logRequest([late]) }]);
  await processor.post("/v1/replay", FINISH);
  const after = await measurementsOf(processor);
  assert.equal(volumeOf(before).value, 300);
  assert.equal(volumeOf(after).value, 301);
  assert.equal(volumeOf(after).revision, volumeOf(before).revision + 1);
  const earlier = (found: readonly Measurement[]) => found.filter(({ window }) => window.start < tuesday);
  assert.deepEqual(earlier(after), earlier(before));
});

test("a restart goes on where it was: nothing is judged twice, late outcomes are noticed", async (t) => {
  const first = await startTestProcessor(t);
  await deliver(first, [{ path: "/v1/logs", body: logRequest(predictions.map(predictionRecord)) }]);
  await first.post("/v1/replay", FINISH);
  const before = await measurementsOf(first);
  const metricsBefore = await (await fetch(`${first.url}/metrics`)).text();

  const second = await first.restart();
  const verdicts = (text: string) => text.split("\n").filter((line) => line.startsWith("ml_monitor_status{"));
  assert.deepEqual(verdicts(await (await fetch(`${second.url}/metrics`)).text()), verdicts(metricsBefore));
  await second.post("/v1/replay", FINISH);
  assert.deepEqual(await measurementsOf(second), before);

  await deliver(second, [{ path: "/v1/logs", body: logRequest(outcomes.map(outcomeRecord)) }]);
  await second.post("/v1/replay", FINISH);
  const after = await measurementsOf(second);
  const coverage = after.filter(({ metric }) => metric === "ml.outcome.coverage");
  assert.deepEqual(
    coverage.map(({ value, revision }) => [value, revision]),
    [
      [1, 1],
      [1, 1],
      [1, 1],
    ],
  );
});
