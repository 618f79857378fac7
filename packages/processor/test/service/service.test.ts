import assert from "node:assert/strict";
import { before, test } from "node:test";
import { gzipSync } from "node:zlib";
import type { Incident, Measurement } from "@tidemark/schema";
import type { ModelEntry, ProcessorStatus } from "../../src/index.ts";
import { HOUR_MS, logRequest, MONDAY_MS, outcomeRecord, predictionRecord, somePredictions } from "./otlp-requests.ts";
import { fileLifetime, startTestProcessor, type TestProcessor } from "./start-test-processor.ts";

const lifetime = fileLifetime();
let processor: TestProcessor;

before(async () => {
  processor = await startTestProcessor(lifetime);
});

async function measurements(query: string): Promise<Measurement[]> {
  return (await processor.json<{ measurements: Measurement[] }>(`/v1/measurements?${query}`)).measurements;
}

const MONDAY = { name: "24h", start: "2001-02-05T00:00:00.000Z", end: "2001-02-06T00:00:00.000Z" };

test("predictions in, measurements out: a replay is judged whole at its end", async () => {
  const predictions = somePredictions(1200, 24);
  const body = gzipSync(logRequest(predictions.map(predictionRecord)));
  const headers = { "content-type": "application/json", "content-encoding": "gzip" };
  assert.equal((await processor.post("/v1/logs", body, headers)).status, 200);
  const outcomes = predictions.map(({ id, timeMs, score }) =>
    outcomeRecord({ id, timeMs: timeMs + HOUR_MS, label: score > 0.4 ? "late" : "on_time" }),
  );
  assert.equal((await processor.post("/v1/logs", logRequest(outcomes))).status, 200);
  const replay = await processor.post("/v1/replay", '{"finish": true}');
  assert.equal(replay.status, 200);

  const day = await measurements("window=24h");
  const accuracy = day.find((measurement) => measurement.metric === "ml.performance.accuracy")!;
  assert.equal(accuracy.count, 1200);
  assert.ok(accuracy.value! > 0.85 && accuracy.value! < 0.95, String(accuracy.value));
  const drift = await measurements("window=24h&metric=ml.drift.severity&target=distance");
  assert.deepEqual(
    drift.map(({ attributes, window, state, count }) => [attributes["ml.drift.reading"], window, state, count]),
    // The profile does not say when its rows were, so the continuous reading first learns how they depend on each other.
    [
      ["stream", MONDAY, "insufficient_data", 1200],
      ["window", MONDAY, "ok", 1200],
    ],
  );
});

test("the models are listed with their state and newest windows", async () => {
  const { models } = await processor.json<{ models: ModelEntry[] }>("/v1/models");
  assert.equal(models.length, 1);
  const { model, version, role, predictions, outcomes, windows, firstTime } = models[0]!;
  assert.deepEqual(
    { model, version, role, predictions, outcomes, firstTime },
    {
      model: "flight-delay",
      version: "1",
      role: "champion",
      predictions: 1200,
      outcomes: 1200,
      firstTime: new Date(MONDAY_MS).toISOString(),
    },
  );
  assert.deepEqual(
    windows.map((window) => window.name),
    ["24h"],
  );
});

test("a prediction is found with its outcome", async () => {
  const { predictions } = await processor.json<{ predictions: { score: number; outcome: { label: string } }[] }>(
    "/v1/predictions/p-1?model=flight-delay",
  );
  assert.equal(predictions[0]!.score, 0.37);
  assert.equal(predictions[0]!.outcome.label, "on_time");
  assert.equal((await fetch(`${processor.url}/v1/predictions/none?model=flight-delay`)).status, 404);
});

test("predictions with outcomes are exported as a file", async () => {
  const response = await fetch(`${processor.url}/v1/export?model=flight-delay&format=jsonl`);
  assert.equal(response.headers.get("content-disposition"), 'attachment; filename="flight-delay-1-champion.jsonl"');
  const rows = (await response.text()).trimEnd().split("\n");
  assert.equal(rows.length, 1200);
  const parquet = await fetch(`${processor.url}/v1/export?model=flight-delay`);
  assert.equal(
    Buffer.from(await parquet.arrayBuffer())
      .subarray(0, 4)
      .toString(),
    "PAR1",
  );
});

test("the profile in use is stored and read back by its id", async () => {
  const { profiles } = await processor.json<{ profiles: { id: string; active: boolean }[] }>("/v1/profiles");
  assert.deepEqual(
    profiles.map(({ active }) => active),
    [true],
  );
  const profile = await processor.json<{ id: string; fields: unknown[] }>(`/v1/profiles/${profiles[0]!.id}`);
  assert.equal(profile.id, profiles[0]!.id);
  assert.equal(profile.fields.length, 3);
});

test("a change of unit is critical, an incident, and named as its cause", async () => {
  const later = somePredictions(1200, 24, "km").map((prediction) => ({
    ...prediction,
    timeMs: prediction.timeMs + 24 * HOUR_MS,
    distance: prediction.distance! * 1.609344,
  }));
  await processor.post("/v1/logs", logRequest(later.map(predictionRecord)));
  await processor.post("/v1/replay", '{"finish": true}');
  const { incidents } = await processor.json<{ incidents: Incident[] }>("/v1/incidents?model=flight-delay&window=24h");
  const incident = incidents.find(({ signal, target }) => signal === "drift" && target.name === "distance")!;
  assert.equal(incident.state, "critical");
  assert.equal(incident.open, true);
  assert.equal(incident.windows[0]!.window.start, "2001-02-06T00:00:00.000Z");
  assert.equal(incident.firstCause.target, "distance");
});

test("metrics are Prometheus text with the verdicts and the processor's own counters", async () => {
  const response = await fetch(`${processor.url}/metrics`);
  const text = await response.text();
  assert.match(response.headers.get("content-type")!, /^text\/plain; version=0\.0\.4/);
  for (const line of text.trimEnd().split("\n")) {
    assert.match(line, /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{([a-z_]+="([^"\\]|\\.)*",?)+\})? -?[\d.e+-]+)$/);
  }
  assert.match(
    text,
    /^ml_monitor_status\{.*ml_feature_name="distance".*ml_monitor_state="critical".*ml_window_name="24h"\} 1$/m,
  );
  assert.match(text, /^tidemark_ingest_records_total\{tidemark_ingest_result="accepted"\} 3600$/m);
});

test("unknown models are counted, told in the status, and never a failure", async () => {
  const [prediction] = somePredictions(1, 1);
  const response = await processor.post("/v1/logs", logRequest([predictionRecord({ ...prediction!, model: "churn" })]));
  assert.equal(response.status, 200);
  const status = await processor.json<ProcessorStatus>("/v1/status");
  assert.deepEqual(
    status.ingest.find((count) => count.reason === "unknown_model"),
    { record: "prediction", result: "ignored", reason: "unknown_model", count: 1 },
  );
  const text = await (await fetch(`${processor.url}/metrics`)).text();
  assert.match(text, /tidemark_ingest_reason="unknown_model",tidemark_ingest_result="ignored"\} 1/);
});

test("bad records in a good request are a partial success, the rest is kept", async () => {
  const [good] = somePredictions(1, 1, "good");
  const bad = { ...predictionRecord({ ...good!, id: "bad" }), timeUnixNano: "9223372036854775807" };
  const response = await processor.post("/v1/logs", logRequest([predictionRecord(good!), bad]));
  assert.equal(response.status, 200);
  const { partialSuccess } = (await response.json()) as { partialSuccess: Record<string, unknown> };
  assert.equal(Number(partialSuccess["rejectedLogRecords"]), 1);
  assert.equal((await fetch(`${processor.url}/v1/predictions/good-0?model=flight-delay`)).status, 200);
  assert.equal((await fetch(`${processor.url}/v1/predictions/bad?model=flight-delay`)).status, 404);
});

test("undecodable requests are 400 with a Status in their own encoding", async () => {
  const json = await processor.post("/v1/logs", "{");
  assert.equal(json.status, 400);
  assert.equal(((await json.json()) as { code: number }).code, 3);
  const protobuf = await processor.post("/v1/metrics", Buffer.from([0xff, 0xff]), {
    "content-type": "application/x-protobuf",
  });
  assert.equal(protobuf.status, 400);
  assert.equal(protobuf.headers.get("content-type"), "application/x-protobuf");
  assert.equal(Buffer.from(await protobuf.arrayBuffer())[0], 0x08);
});
