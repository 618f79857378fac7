import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type Incident, type JoinedIncident, joinedIncidentSchema } from "@tidemark/schema";
import { HOUR_MS, logRequest, MONDAY_MS, predictionRecord, somePredictions } from "./otlp-requests.ts";
import { startTestProcessor } from "./start-test-processor.ts";
import { testProfile } from "./test-profile.ts";

const MODELS = ["flight-delay", "connection", "fare"] as const;

test("an input that two models share changes its unit: one joined incident, without the model that does not have it", async (context) => {
  const profiles = await mkdtemp(join(tmpdir(), "tidemark-profiles-"));
  context.after(() => rm(profiles, { recursive: true, force: true }));
  const pathOf = (name: string) => join(profiles, `${name}.json`);
  for (const name of MODELS) await writeFile(pathOf(name), JSON.stringify(testProfile(name)));
  const models = MODELS.map((name) => ({ name, profile: pathOf(name), windows: ["24h", "7d"] }));
  const processor = await startTestProcessor(context, { config: { models } });
  for (const name of MODELS) {
    const days = [0, 1].flatMap((day) =>
      somePredictions(1200, 24, `day-${day}`).map((prediction) => ({
        ...prediction,
        model: name,
        timeMs: prediction.timeMs + day * 24 * HOUR_MS,
        distance: prediction.distance! * (day === 1 && name !== "fare" ? 1.609344 : 1),
      })),
    );
    assert.equal((await processor.post("/v1/logs", logRequest(days.map(predictionRecord)))).status, 200);
  }
  assert.equal((await processor.post("/v1/replay", '{"finish": true}')).status, 200);

  const ask = async (query: string) =>
    (await processor.json<{ joinedIncidents: JoinedIncident[] }>(`/v1/joined-incidents${query}`)).joinedIncidents;
  const [joined, ...others] = await ask("");
  assert.deepEqual(others, []);
  joinedIncidentSchema.parse(joined);
  assert.deepEqual(joined!.models, ["connection", "flight-delay"]);
  assert.deepEqual(joined!.shared, { kind: "feature", name: "distance" });
  assert.deepEqual(joined!.firstCause.kind, "unit_change");
  assert.deepEqual(new Set(joined!.incidents.map(({ windowName }) => windowName)), new Set(["24h", "7d"]));
  const { incidents } = await processor.json<{ incidents: Incident[] }>("/v1/incidents");
  const ids = new Set(incidents.map(({ id }) => id));
  assert.ok(
    joined!.incidents.every(({ id }) => ids.has(id)),
    "the ids are those of the incidents",
  );

  assert.deepEqual(await ask("?model=connection"), [joined]);
  assert.deepEqual(await ask("?model=fare"), []);
  const [daily] = await ask("?window=24h");
  assert.deepEqual([daily!.start, daily!.end], ["2001-02-06T00:00:00.000Z", "2001-02-07T00:00:00.000Z"]);
  assert.deepEqual(await ask("?window=1h"), []);
});

test("two models with other faults, from one release of their service on: one joined incident, from its metric points", async (context) => {
  const profiles = await mkdtemp(join(tmpdir(), "tidemark-profiles-"));
  context.after(() => rm(profiles, { recursive: true, force: true }));
  const models = ["flight-delay", "fare"].map((name) => ({
    name,
    profile: join(profiles, `${name}.json`),
    windows: ["24h"],
  }));
  for (const { name, profile } of models) await writeFile(profile, JSON.stringify(testProfile(name)));
  const processor = await startTestProcessor(context, { config: { models } });
  for (const { name } of models) {
    for (const day of [0, 1]) {
      const fromMs = MONDAY_MS + day * 24 * HOUR_MS;
      const rows = somePredictions(1200, 24, `day-${day}`).map((row) => ({
        ...row,
        model: name,
        timeMs: row.timeMs + day * 24 * HOUR_MS,
        ...(day === 1 && name === "fare" ? { origin: "nowhere" } : {}),
        ...(day === 1 && name === "flight-delay" ? { distance: row.distance! * 1.609344 } : {}),
      }));
      assert.equal((await processor.post("/v1/logs", logRequest(rows.map(predictionRecord)))).status, 200);
      const points = counterRequest(name, `2.${day}`, fromMs, 1200);
      assert.equal((await processor.post("/v1/metrics", points)).status, 200);
    }
  }
  assert.equal((await processor.post("/v1/replay", '{"finish": true}')).status, 200);
  const { joinedIncidents } = await processor.json<{ joinedIncidents: JoinedIncident[] }>("/v1/joined-incidents");
  const shared = joinedIncidents.map((each) => each.shared);
  assert.deepEqual(shared, [{ kind: "deployment", service: "flights", release: "2.1" }]);
  assert.deepEqual(joinedIncidents[0]!.models, ["fare", "flight-delay"]);
  const { ingest } = await processor.json<{ ingest: { record: string; count: number }[] }>("/v1/status");
  assert.equal(
    ingest.find(({ record }) => record === "point")!.count,
    4,
    "what resources say is no point of the sender's",
  );
});

/** The predictions of a day as a delta counter of a release. */
function counterRequest(model: string, release: string, fromMs: number, count: number): string {
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const nanos = (ms: number) => `${BigInt(ms) * 1_000_000n}`;
  const attributes = [text("ml.model.name", model), text("ml.model.version", "1")];
  const times = { startTimeUnixNano: nanos(fromMs), timeUnixNano: nanos(fromMs + HOUR_MS) };
  const sum = {
    aggregationTemporality: 1,
    isMonotonic: true,
    dataPoints: [{ ...times, asInt: `${count}`, attributes }],
  };
  const metric = { name: "ml.inference.predictions", unit: "{prediction}", sum };
  const resource = { attributes: [text("service.name", "flights"), text("service.version", release)] };
  return JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [metric] }] }] });
}
