import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Measurement, Profile } from "@tidemark/schema";
import { buildProfile } from "../../src/profile/build-profile.ts";
import { HOUR_MS, logRequest, MONDAY_MS } from "./otlp-requests.ts";
import { startTestProcessor } from "./start-test-processor.ts";

const ROWS = 600;
const DAY_MS = 24 * HOUR_MS;
const FINISH = '{"finish": true}';
const MODEL = { name: "flight-delay", version: "1", type: "regression" } as const;
const ORIGINS = ["ATL", "ORD", "DFW", "LAX"];

interface Inputs {
  readonly distance: number;
  readonly origin: string;
  readonly [more: string]: number | string;
}

/** Distances are whole miles up to 20,000, so that some rows are alike by nature. */
function inputsOf(n: number): Inputs {
  const hashed = Math.imul(n + 1, 2_654_435_761) >>> 0;
  return { distance: hashed % 20_000, origin: ORIGINS[(hashed >>> 16) % 4]! };
}

function recordOf(index: number, inputs: object): object {
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const values = Object.entries(inputs).map(([key, value]) => ({
    key,
    value: typeof value === "number" ? { doubleValue: value } : { stringValue: String(value) },
  }));
  return {
    timeUnixNano: `${BigInt(MONDAY_MS + Math.floor((index * DAY_MS) / ROWS)) * 1_000_000n}`,
    eventName: "ml.inference.details",
    severityNumber: 9,
    attributes: [
      text("ml.model.name", MODEL.name),
      text("ml.model.version", MODEL.version),
      text("ml.inference.id", `p-${String(index).padStart(4, "0")}`),
      { key: "ml.prediction.value", value: { doubleValue: 1 } },
      { key: "ml.inference.inputs", value: { kvlistValue: { values } } },
    ],
  };
}

let folder: string;
let profile: Profile;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "tidemark-duplicates-"));
  const path = join(folder, "reference.jsonl");
  const rows = Array.from({ length: 20_000 }, (_, n) => ({
    ...inputsOf(n + 5_000),
    time: new Date(MONDAY_MS - 5 * DAY_MS + n * 20_000).toISOString(),
  }));
  writeFileSync(path, rows.map((row) => JSON.stringify(row)).join("\n"));
  profile = await buildProfile({
    path,
    model: MODEL,
    time: "time",
    features: { distance: "numeric", origin: "categorical" },
  });
});
after(() => rmSync(folder, { recursive: true, force: true }));

async function duplicates(
  t: Parameters<typeof startTestProcessor>[0],
  records: readonly object[],
): Promise<Measurement | undefined> {
  const processor = await startTestProcessor(t, {
    profile,
    config: { models: [{ name: MODEL.name, profile: "profile.json", windows: ["24h"] }] },
  });
  assert.equal((await processor.post("/v1/logs", logRequest(records))).status, 200);
  await processor.post("/v1/replay", FINISH);
  const { measurements } = await processor.json<{ measurements: Measurement[] }>("/v1/measurements");
  await processor.close();
  return measurements.find(({ attributes }) => attributes["ml.data_quality.rule"] === "duplicate");
}

const usual = Array.from({ length: ROWS }, (_, index) => recordOf(index, inputsOf(index + 100_000)));

test("rows that are alike by nature are in order, and a delivery that is repeated repeats nothing", async (t) => {
  assert.ok(
    profile.duplicates!.some(({ mean }) => mean > 0),
    "the reference has some itself",
  );
  const found = await duplicates(t, [...usual, ...usual.slice(0, 200)]);
  assert.deepEqual([found!.state, found!.count, found!.target.name], ["ok", ROWS, "rows"]);
});

test("a storm of retries under new ids warns, and a job that is stuck is critical with its row named", async (t) => {
  const storm = Array.from({ length: ROWS }, (_, index) =>
    recordOf(index, inputsOf(100_000 + (index < 300 ? index - (index % 3) : index))),
  );
  const retried = await duplicates(t, storm);
  assert.equal(retried!.evidence.numbers["violations"], 200);
  assert.equal(retried!.state, "critical");
  assert.ok(retried!.lower! < 1 / 3 && retried!.upper! > 1 / 3);

  const stuck = usual.map((record, index) => (index % 12 === 5 ? recordOf(index, inputsOf(7)) : record));
  const found = await duplicates(t, stuck);
  assert.equal(found!.state, "warning");
  assert.match(found!.evidence.note, /one row came 50 times, the first as p-0005$/);
});

test("inputs that are no features tell no rows apart, and rows that lack a feature are not judged", async (t) => {
  const withIds = Array.from({ length: ROWS }, (_, index) =>
    recordOf(index, { ...inputsOf(100_000 + (index % 50)), request: `r-${index}` }),
  );
  const found = await duplicates(t, withIds);
  assert.equal(found!.evidence.numbers["violations"], ROWS - 50);
  const parts = Array.from({ length: ROWS }, (_, index) => recordOf(index, { origin: ORIGINS[index % 4] }));
  assert.equal(await duplicates(t, parts), undefined);
});
