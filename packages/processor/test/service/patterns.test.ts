import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Measurement, Profile } from "@tidemark/schema";
import { buildProfile } from "../../src/profile/build-profile.ts";
import { HOUR_MS, logRequest, MONDAY_MS } from "./otlp-requests.ts";
import { startTestProcessor } from "./start-test-processor.ts";

const ROWS = 400;
const FINISH = '{"finish": true}';

let folder: string;
let profile: Profile;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "tidemark-patterns-"));
  const path = join(folder, "reference.jsonl");
  const rows = Array.from({ length: 2_000 }, (_, n) => ({ zip: String(10_000 + ((n * 7919) % 3_000)), n }));
  writeFileSync(path, rows.map((row) => JSON.stringify(row)).join("\n"));
  const model = { name: "flight-delay", version: "1", type: "regression" } as const;
  profile = await buildProfile({ path, model, features: { zip: "categorical", n: "numeric" } });
});
after(() => rmSync(folder, { recursive: true, force: true }));

function recordOf(index: number, zip: object): object {
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  return {
    timeUnixNano: `${BigInt(MONDAY_MS + Math.floor((index * 24 * HOUR_MS) / ROWS)) * 1_000_000n}`,
    eventName: "ml.inference.details",
    severityNumber: 9,
    attributes: [
      text("ml.model.name", "flight-delay"),
      text("ml.model.version", "1"),
      text("ml.inference.id", `p-${index}`),
      { key: "ml.prediction.value", value: { doubleValue: 1 } },
      { key: "ml.inference.inputs", value: { kvlistValue: { values: [{ key: "zip", value: zip }] } } },
    ],
  };
}

/** Every tenth zip lost its leading zero in a detour over a number; every hundredth is missing. */
const records = Array.from({ length: ROWS }, (_, index) =>
  recordOf(
    index,
    index % 100 === 1
      ? {}
      : index % 10 === 0
        ? { intValue: String(1_000 + index) }
        : { stringValue: String(10_000 + ((index * 7919) % 3_000)) },
  ),
);

async function patternFindings(t: Parameters<typeof startTestProcessor>[0], quality: object): Promise<Measurement[]> {
  const models = [{ name: "flight-delay", profile: "profile.json", windows: ["24h"], quality }];
  const processor = await startTestProcessor(t, { profile, config: { models } });
  const response = await processor.post("/v1/logs", logRequest(records));
  assert.equal(response.status, 200);
  await processor.post("/v1/replay", FINISH);
  const { measurements } = await processor.json<{ measurements: Measurement[] }>("/v1/measurements");
  await processor.close();
  return measurements.filter(({ attributes }) => attributes["ml.data_quality.rule"] === "pattern");
}

test("values that lost the inferred form are a share with its interval and a verdict, numbers by their text", async (t) => {
  const [found, ...others] = await patternFindings(t, {});
  assert.equal(others.length, 0);
  assert.deepEqual([found!.target.name, found!.count, found!.evidence.numbers["violations"]], ["zip", 396, 40]);
  assert.ok(Math.abs(found!.value! - 40 / 396) < 1e-12 && found!.lower! > 0.07 && found!.upper! < 0.14);
  assert.equal(found!.state, "critical");
  assert.match(found!.evidence.note, /expected: 5 digits, \[0-9\]\{5\}/);
});

test("the configuration's pattern comes before the inferred one, is one of the whole value, and its share can be allowed", async (t) => {
  const [wider] = await patternFindings(t, { pattern: { zip: "[0-9]{4,5}" } });
  assert.deepEqual([wider!.value, wider!.state], [0, "ok"]);
  const [part] = await patternFindings(t, { pattern: { zip: "[0-9]{4}" } });
  assert.ok(part!.value! > 0.85, `five digits are not four: ${part!.value}`);
  const [allowed] = await patternFindings(t, { allowed: { zip: { pattern: 0.2 } } });
  assert.equal(allowed!.state, "ok");
});
