import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { buildProfile, startProcessor } from "@tidemark/processor";
import { canonicalJson, configSchema, type Measurement } from "@tidemark/schema";
import { seededUniform } from "@tidemark/stats";
import { pino } from "pino";
import { runReplay } from "../../src/replay/run-replay.ts";
import { askProcessor, readFrom } from "../../src/report/http-read-api.ts";

const START_MS = Date.UTC(2001, 0, 1);
const DAY_MS = 86_400_000;
const PER_DAY = 150;
const DAYS = 8;
const random = seededUniform(3);

/** Prices as an export has them; every true price is known 30 hours later. */
function somePrices(day: number) {
  return Array.from({ length: PER_DAY }, (_, i) => {
    const ms = START_MS + day * DAY_MS + Math.floor((i * DAY_MS) / PER_DAY);
    const age = Math.floor(random() * 20);
    const value = 1_000 + 100 * age + Math.floor(random() * 500);
    return {
      id: `c${day}-${i}`,
      time: new Date(ms).toISOString(),
      version: "1",
      role: "champion",
      value,
      age,
      outcome_value: value + Math.round((random() - 0.5) * 40 * (1 + age)),
      outcome_time: new Date(ms + 30 * 3_600_000).toISOString(),
    };
  });
}

type Price = ReturnType<typeof somePrices>[number];

/** Predictions and outcomes as they come, in small requests. */
async function stream(url: string, rows: readonly Price[]): Promise<void> {
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const number = (key: string, doubleValue: number) => ({ key, value: { doubleValue } });
  const events = rows
    .flatMap((row) => {
      const about = [text("ml.model.name", "price"), text("ml.inference.id", row.id)];
      const inputs = { key: "ml.inference.inputs", value: { kvlistValue: { values: [number("age", row.age)] } } };
      const said = [text("ml.model.version", "1"), number("ml.prediction.value", row.value), inputs];
      const truth = [text("ml.outcome.kind", "value"), number("ml.outcome.value", row.outcome_value)];
      return [
        { ms: Date.parse(row.time), eventName: "ml.inference.details", attributes: [...about, ...said] },
        { ms: Date.parse(row.outcome_time), eventName: "ml.outcome.reported", attributes: [...about, ...truth] },
      ];
    })
    .sort((a, b) => a.ms - b.ms);
  for (let at = 0; at < events.length; at += 311) {
    const logRecords = events
      .slice(at, at + 311)
      .map(({ ms, ...event }) => ({ timeUnixNano: `${BigInt(ms) * 1_000_000n}`, ...event }));
    await askProcessor(url, "/v1/logs", null, { resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
  }
  await askProcessor(url, "/v1/replay", null, { finish: true });
}

test("a replay of a model that predicts quantities has the stream's estimates to the bit", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tidemark-value-replay-"));
  try {
    const lines = (rows: readonly Price[]) => rows.map((row) => JSON.stringify(row)).join("\n");
    const reference = Array.from({ length: 6 }, (_, day) => somePrices(day - 10)).flat();
    await writeFile(join(folder, "reference.jsonl"), lines(reference));
    const profile = await buildProfile({
      path: join(folder, "reference.jsonl"),
      model: { name: "price", version: "1", type: "regression" },
      time: "time",
      features: { age: "numeric" },
      prediction: { value: "value" },
      outcome: { value: "outcome_value" },
    });
    await writeFile(join(folder, "profile.json"), JSON.stringify(profile));
    const rows = Array.from({ length: DAYS }, (_, day) => somePrices(day)).flat();
    await writeFile(join(folder, "records.jsonl"), lines(rows));
    const config = configSchema.parse({
      server: { port: 0 },
      clock: { mode: "replay" },
      models: [{ name: "price", profile: "profile.json", windows: ["24h"] }],
    });

    const processor = await startProcessor({ config, directory: folder, logger: pino({ level: "silent" }) });
    await stream(processor.url, rows);
    const streamed = await readFrom<{ measurements: Measurement[] }>(processor.url, "/v1/measurements", null);
    await processor.close();
    const replayed = await runReplay({
      file: { path: join(folder, "records.jsonl"), model: "price" },
      config,
      directory: folder,
      onProgress: () => undefined,
    });

    const estimates = (found: readonly Measurement[]) =>
      found
        .filter(({ signal }) => signal === "estimation")
        .map((each) => canonicalJson({ ...each, configId: "", revision: 0 }));
    const want = estimates(streamed.measurements);
    assert.ok(want.filter((each) => each.includes('"blend"')).length === DAYS * 4, `${want.length}`);
    assert.deepEqual(estimates(replayed.measurements), want);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
