import assert from "node:assert/strict";
import { test } from "node:test";
import type { Measurement } from "@tidemark/schema";
import { attr, metric } from "@tidemark/semconv";
import { logRequest, predictionRecord, somePredictions } from "./otlp-requests.ts";
import { startTestProcessor, type TestProcessor } from "./start-test-processor.ts";

const predictions = somePredictions(900, 72).map(predictionRecord);

async function replay(processor: TestProcessor): Promise<Measurement[]> {
  const response = await processor.post("/v1/logs", logRequest(predictions));
  assert.equal(response.status, 200, await response.text());
  await processor.post("/v1/replay", '{"finish": true}');
  return (await processor.json<{ measurements: Measurement[] }>("/v1/measurements")).measurements;
}

const isReference = ({ attributes }: Measurement) => attributes[attr.driftReference] !== undefined;
const withoutConfig = (rows: readonly Measurement[]) => rows.map((row) => ({ ...row, configId: "" }));

test("further references add verdicts of their own to the API and /metrics, and change no other", async (t) => {
  const references = ["training", "previous", "rolling"];
  const models = (drift: object) => [{ name: "flight-delay", profile: "profile.json", windows: ["24h"], drift }];
  const plain = await startTestProcessor(t, { config: { models: models({}) } });
  const alone = await replay(plain);
  await plain.close();
  const processor = await startTestProcessor(t, { config: { models: models({ references }) } });
  const all = await replay(processor);
  assert.deepEqual(withoutConfig(all.filter((row) => !isReference(row))), withoutConfig(alone));
  assert.ok(!alone.some(isReference));

  const verdicts = all.filter((row) => isReference(row) && row.metric === metric.driftSeverity);
  assert.equal(verdicts.length, 3 * 2 * 3, "three days, two references, three fields");
  assert.deepEqual(
    new Set(verdicts.slice().map(({ attributes }) => attributes[attr.driftReference])),
    new Set(references.slice(1)),
  );
  const last = verdicts.filter(({ window }) => window.start.startsWith("2001-02-07"));
  assert.ok(
    last.every(({ state }) => state === "ok"),
    JSON.stringify(last.map(({ state, evidence }) => [state, evidence.note])),
  );

  const metrics = await (await fetch(`${processor.url}/metrics`)).text();
  assert.match(metrics, /ml_drift_severity_ratio\{[^}]*ml_drift_reference="previous"[^}]*\} /);
  assert.match(metrics, /ml_monitor_status\{[^}]*ml_drift_reference="rolling"[^}]*ml_monitor_state="ok"[^}]*\} 1/);
  const shown = await (await processor.restart()).json<{ measurements: Measurement[] }>("/v1/measurements");
  assert.deepEqual(shown.measurements, all);
});
