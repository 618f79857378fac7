import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { contentHash, type Measurement, type Profile } from "@tidemark/schema";
import type { AttributionEvaluation } from "../../src/evaluate/attribution-evaluation.ts";
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

test("a judged window's attributions go out as an event, with the verdict's severity, and again when late records change them", async (t) => {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    bodies.push((await buffer(request)).toString("latin1"));
    response.writeHead(200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const events = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/logs`;
  const processor = await startTestProcessor(t, { profile, config: { export: { events } } });
  const send = async (from: number, to: number) => {
    const records = predictions.slice(from, to).map((_, index) => attributed(from + index, valuesOf(from + index)));
    assert.equal((await processor.post("/v1/logs", logRequest(records))).status, 200);
    assert.equal((await processor.post("/v1/replay", '{"finish": true}')).status, 200);
  };
  await send(0, 200);
  await send(200, 400);
  await processor.close();
  const sent = bodies.join("");
  const told = [...sent.matchAll(/\{"tenant":"default","model":"flight-delay".*?\}\]\}/g)].map(
    ([body]) => JSON.parse(body) as AttributionEvaluation,
  );
  assert.equal(sent.match(/ml\.attribution\.evaluated/g)?.length, 2);
  assert.match(sent, /ml\.monitor\.state.{1,8}critical/s);
  assert.deepEqual(
    told.map(({ rows, state, revision }) => ({ rows, state, revision })),
    [
      { rows: 200, state: "critical", revision: 0 },
      { rows: 400, state: "critical", revision: 1 },
    ],
  );
  const { features, drift } = told[1]!;
  assert.deepEqual(
    features.map(({ feature }) => feature),
    ["origin", "distance"],
  );
  assert.ok(Math.abs(features[0]!.value! - 0.7) < 1e-9);
  assert.ok(Math.abs(features[0]!.change!.value! - 0.45) < 1e-9, "0.7 against 1 of 4");
  assert.equal(drift!.state, "critical");
});
