import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Measurement, Profile } from "@tidemark/schema";
import { buildProfile } from "../../src/profile/build-profile.ts";
import { someVectors, type VectorChange } from "../profile/vector-rows.ts";
import { HOUR_MS, logRequest, MONDAY_MS } from "./otlp-requests.ts";
import { startTestProcessor } from "./start-test-processor.ts";

const DIMENSION = 16;
const ROWS_A_DAY = 400;
const DAY_MS = 24 * HOUR_MS;

function dayOf(day: number, seed: number, change: VectorChange = {}): object[] {
  return someVectors(ROWS_A_DAY, DIMENSION, seed, change).map((vector, i) => ({
    timeUnixNano: `${BigInt(MONDAY_MS + day * DAY_MS + Math.floor((i * DAY_MS) / ROWS_A_DAY)) * 1_000_000n}`,
    eventName: "ml.inference.details",
    severityNumber: 9,
    attributes: [
      { key: "ml.model.name", value: { stringValue: "search" } },
      { key: "ml.model.version", value: { stringValue: "1" } },
      { key: "ml.inference.id", value: { stringValue: `p-${day}-${i}` } },
      { key: "ml.prediction.score", value: { doubleValue: (i % 100) / 100 } },
      {
        key: "ml.inference.inputs",
        value: {
          kvlistValue: {
            values: [
              { key: "text", value: { arrayValue: { values: vector.map((doubleValue) => ({ doubleValue })) } } },
            ],
          },
        },
      },
    ],
  }));
}

let folder: string;
let profile: Profile;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "tidemark-embeddings-"));
  const path = join(folder, "reference.jsonl");
  const rows = someVectors(3_000, DIMENSION, 1).map((text, i) => ({ text, score: (i % 100) / 100 }));
  writeFileSync(path, rows.map((row) => JSON.stringify(row)).join("\n"));
  profile = await buildProfile({
    path,
    model: { name: "search", version: "1", type: "classification" },
    prediction: { score: "score" },
  });
});
after(() => rmSync(folder, { recursive: true, force: true }));

const REFERENCES = ["training", "previous"];

test("vectors that come as OTLP are judged against the profile's, with the first cause, in any order of arrival", async (t) => {
  const records = [...dayOf(0, 2), ...dayOf(1, 3, { reversed: true })];
  const results: Measurement[][] = [];
  for (const sent of [[records], [records.slice(300).reverse(), records]]) {
    const processor = await startTestProcessor(t, {
      profile,
      config: {
        models: [{ name: "search", profile: "profile.json", windows: ["24h"], drift: { references: REFERENCES } }],
      },
    });
    for (const part of sent) assert.equal((await processor.post("/v1/logs", logRequest(part))).status, 200);
    await processor.post("/v1/replay", '{"finish": true}');
    const { measurements } = await processor.json<{ measurements: Measurement[] }>("/v1/measurements");
    results.push(
      measurements.filter(({ target }) => target.kind === "embedding").map((each) => ({ ...each, revision: 0 })),
    );
    if (results.length === 2) {
      const metrics = await (await fetch(`${processor.url}/metrics`)).text();
      assert.match(
        metrics,
        /^ml_drift_centroid_shift\{.*ml_drift_target="embedding".*ml_estimate_bound="lower".*ml_feature_name="text".*\} \d/m,
      );
      assert.match(metrics, /^ml_monitor_status\{.*ml_monitor_state="critical".*ml_monitor_target="text".*\} 1/m);
      assert.match(metrics, /^ml_monitor_cause\{.*ml_cause_kind="type_change".*ml_cause_target="text".*\} 1/m);
    }
    await processor.close();
  }
  assert.deepEqual(results[1], results[0]);
  const [verdicts, again] = [undefined, "previous"].map((reference) =>
    results[0]!.filter(
      ({ metric, attributes }) => metric === "ml.drift.severity" && attributes["ml.drift.reference"] === reference,
    ),
  ) as [Measurement[], Measurement[]];
  assert.deepEqual(
    again.map(({ state }) => state),
    ["insufficient_data", "critical"],
  );
  assert.match(
    again[1]!.evidence.note,
    /^changed most along .*; held against the window before: 1 window with \d+ rows$/,
  );
  assert.deepEqual(
    verdicts.map(({ state, count }) => [state, count]),
    [
      ["ok", ROWS_A_DAY],
      ["critical", ROWS_A_DAY],
    ],
  );
  const far = /farthest out: (p-1-\d+), p-1-\d+, p-1-\d+$/.exec(verdicts[1]!.evidence.note);
  assert.ok(far !== null, verdicts[1]!.evidence.note);
  const shifts = results[0]!.filter(({ metric }) => metric === "ml.drift.centroid_shift");
  assert.ok(shifts[0]!.value! < 0.15 && shifts[1]!.lower! > 0.5, JSON.stringify(shifts.map(({ value }) => value)));
});
