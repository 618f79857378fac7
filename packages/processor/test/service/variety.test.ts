import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { contentHash, type Measurement, type Profile } from "@tidemark/schema";
import { buildProfile } from "../../src/profile/build-profile.ts";
import { HOUR_MS, logRequest, MONDAY_MS } from "./otlp-requests.ts";
import { startTestProcessor } from "./start-test-processor.ts";

const ROWS = 600;
const DAY_MS = 24 * HOUR_MS;
const MODEL = { name: "pumps", version: "1", type: "regression" } as const;

interface Inputs {
  readonly pressure: number;
  readonly customer: string;
}

/** Pressures of three decimals, and customers of whom some come more often than others. */
function inputsOf(n: number): Inputs {
  const hashed = Math.imul(n + 1, 2_654_435_761) >>> 0;
  return { pressure: (hashed % 50_000) / 1_000, customer: `c${Math.floor(400 * ((hashed >>> 8) / 2 ** 24) ** 2)}` };
}

function recordOf(index: number, { pressure, customer }: Inputs): object {
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const values = [{ key: "pressure", value: { doubleValue: pressure } }, text("customer", customer)];
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
  folder = mkdtempSync(join(tmpdir(), "tidemark-variety-"));
  const path = join(folder, "reference.jsonl");
  const rows = Array.from({ length: 20_000 }, (_, n) => ({
    ...inputsOf(n + 5_000),
    time: new Date(MONDAY_MS - 5 * DAY_MS + n * 20_000).toISOString(),
  }));
  writeFileSync(path, rows.map((row) => JSON.stringify(row)).join("\n"));
  const features = { pressure: "numeric", customer: "categorical" } as const;
  profile = await buildProfile({ path, model: MODEL, time: "time", features });
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** Verdicts of both rules by feature, and the first cause. */
async function judge(
  t: Parameters<typeof startTestProcessor>[0],
  reference: Profile,
  change: (inputs: Inputs, index: number) => Inputs,
) {
  const processor = await startTestProcessor(t, {
    profile: reference,
    config: { models: [{ name: MODEL.name, profile: "profile.json", windows: ["24h"] }] },
  });
  const records = Array.from({ length: ROWS }, (_, index) => recordOf(index, change(inputsOf(index + 100_000), index)));
  assert.equal((await processor.post("/v1/logs", logRequest(records))).status, 200);
  await processor.post("/v1/replay", '{"finish": true}');
  const { measurements } = await processor.json<{ measurements: Measurement[] }>("/v1/measurements");
  await processor.close();
  return (name: string, rule: string) =>
    measurements.find(({ target, attributes }) => target.name === name && attributes["ml.data_quality.rule"] === rule)
      ?.state;
}

test("a pressure that is stuck in 30 % of the rows and customers merged into half are found, one day that is as ever is in order", async (t) => {
  const usual = await judge(t, profile, (inputs) => inputs);
  const rules = ["stuck", "cardinality"] as const;
  const told = (stateOf: typeof usual) =>
    ["pressure", "customer"].map((name) => rules.map((rule) => stateOf(name, rule)));
  assert.deepEqual(told(usual), [
    ["ok", "ok"],
    ["ok", "ok"],
  ]);
  const broken = await judge(t, profile, ({ pressure, customer }, index) => ({
    pressure: index % 10 < 3 ? 21.5 : pressure,
    customer: `c${4 * Math.floor(Number(customer.slice(1)) / 4)}`,
  }));
  assert.deepEqual(told(broken), [
    ["critical", "warning"],
    ["ok", "critical"],
  ]);
});

test("a profile that was made before is taken, and judges neither", async (t) => {
  const { id: _, ...content } = { ...profile, fields: profile.fields.map(({ variety: _, ...field }) => field) };
  const old = { ...content, id: contentHash(content) };
  const stateOf = await judge(t, old, (inputs) => ({ ...inputs, pressure: 21.5 }));
  assert.deepEqual(
    [stateOf("pressure", "stuck"), stateOf("pressure", "cardinality"), stateOf("pressure", "constant")],
    [undefined, undefined, "critical"],
  );
});
