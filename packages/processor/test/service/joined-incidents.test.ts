import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type Incident, type JoinedIncident, joinedIncidentSchema } from "@tidemark/schema";
import { HOUR_MS, logRequest, predictionRecord, somePredictions } from "./otlp-requests.ts";
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
