import assert from "node:assert/strict";
import { test } from "node:test";
import { contentHash, type Measurement, type Profile } from "@tidemark/schema";
import { logRequest, predictionRecord, somePredictions } from "./otlp-requests.ts";
import { startTestProcessor } from "./start-test-processor.ts";
import { testProfile } from "./test-profile.ts";

const predictions = somePredictions(400, 24);

const { id: _id, ...content }: Profile = { ...testProfile(), importances: { distance: 3, origin: 1 } };
const profile: Profile = { ...content, id: contentHash(content) };

/** An event with what each feature added; on every second one its probability is a half, so that it counts twice. */
function attributed(index: number, values: readonly object[]): object {
  const record = predictionRecord(predictions[index]!) as { attributes: object[] };
  return {
    ...record,
    attributes: [
      ...record.attributes,
      { key: "ml.sampling.probability", value: { doubleValue: index % 2 ? 0.5 : 1 } },
      { key: "ml.inference.attributions", value: { kvlistValue: { values } } },
    ],
  };
}

const number = (key: string, doubleValue: number) => ({ key, value: { doubleValue } });
const valuesOf = (index: number) =>
  index % 2 ? [number("distance", -1), number("origin", 3)] : [number("origin", -1), number("distance", 1)];

test("recorded attributions become shares, weighed, whatever the order and the repetition of their events", async (t) => {
  const events = predictions.map((_, index) => attributed(index, valuesOf(index)));
  const results: Measurement[][] = [];
  for (const sent of [[events], [events.slice(150).reverse(), events, events.slice(0, 10)]]) {
    const processor = await startTestProcessor(t, { profile });
    for (const records of sent) assert.equal((await processor.post("/v1/logs", logRequest(records))).status, 200);
    await processor.post("/v1/replay", '{"finish": true}');
    const { measurements } = await processor.json<{ measurements: Measurement[] }>("/v1/measurements");
    results.push(measurements.filter(({ signal }) => signal === "attribution"));
    if (results.length === 2) {
      const metrics = await (await fetch(`${processor.url}/metrics`)).text();
      assert.match(metrics, /^ml_attribution_drift_ratio\{.*\} 0\.\d+/m);
      assert.match(metrics, /^ml_attribution_importance_ratio\{.*ml_feature_name="origin".*\} 0\.\d+/m);
      const erased = await processor.post("/v1/erasures", '{"model": "flight-delay", "ids": ["p-0"]}');
      assert.equal(erased.status, 200, await erased.text());
    }
    await processor.close();
  }
  const withoutRevision = (found: readonly Measurement[]) => found.map((each) => ({ ...each, revision: 0 }));
  assert.deepEqual(withoutRevision(results[1]!), withoutRevision(results[0]!));
  const share = (name: string) =>
    results[0]!.find(({ metric, target }) => metric === "ml.attribution.importance" && target.name === name)!;
  // 200 rows of 1 and 1; 200 of 1 and 3 that count twice: 600 against 1400.
  assert.ok(Math.abs(share("distance").value! - 0.3) < 1e-9, `${share("distance").value}`);
  assert.equal(share("distance").count, 400);
  const ranking = results[0]!.find(({ metric }) => metric === "ml.attribution.drift")!;
  assert.equal(ranking.state, "critical");
});

test("attributions that are no numbers are refused with their record", async (t) => {
  const processor = await startTestProcessor(t);
  const bad = [
    [{ key: "distance", value: { stringValue: "much" } }],
    [{ key: "distance", value: { doubleValue: "NaN" } }],
  ].map((values, index) => attributed(index, values));
  const response = await processor.post("/v1/logs", logRequest([...bad, attributed(5, valuesOf(5))]));
  const { partialSuccess } = (await response.json()) as { partialSuccess: Record<string, string> };
  assert.equal(Number(partialSuccess["rejectedLogRecords"]), 2);
  assert.match(partialSuccess["errorMessage"]!, /ml\.inference\.attributions\["distance"\] is no finite number/);
});
