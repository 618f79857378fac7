import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { buildProfile, startProcessor } from "@tidemark/processor";
import { configSchema, type Measurement } from "@tidemark/schema";
import { seededUniform } from "@tidemark/stats";
import { pino } from "pino";
import { runReplay } from "../../src/replay/run-replay.ts";
import { askProcessor, readFrom } from "../../src/report/http-read-api.ts";

const START_MS = Date.UTC(2001, 0, 1);
const DAY_MS = 86_400_000;
const PER_DAY = 400;
const DAYS = 3;
const DIMENSION = 12;
const random = seededUniform(5);

/** Vectors around one direction, in double precision; on the last day around another. */
const rows = Array.from({ length: PER_DAY * DAYS }, (_, at) => {
  const shift = at >= 2 * PER_DAY ? 4 : 0;
  const vector = Array.from({ length: DIMENSION }, (_, index) => (index === shift ? 1 : 0) + random() - 0.5);
  return {
    id: `v${at}`,
    time: new Date(START_MS + (at * DAY_MS) / PER_DAY).toISOString(),
    version: "1",
    score: (at % 100) / 100,
    // Some have none, some a wrong length.
    text: at % 50 === 7 ? [] : at % 50 === 9 ? vector.slice(1) : vector,
  };
});

async function stream(url: string): Promise<void> {
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  for (let at = 0; at < rows.length; at += 130) {
    const logRecords = rows.slice(at, at + 130).map((row) => ({
      timeUnixNano: `${BigInt(Date.parse(row.time)) * 1_000_000n}`,
      eventName: "ml.inference.details",
      attributes: [
        text("ml.model.name", "search"),
        text("ml.model.version", row.version),
        text("ml.inference.id", row.id),
        { key: "ml.prediction.score", value: { doubleValue: row.score } },
        {
          key: "ml.inference.inputs",
          value: {
            kvlistValue: {
              values: [
                { key: "age", value: { doubleValue: 41 } },
                ...(row.text.length === 0
                  ? []
                  : [
                      {
                        key: "text",
                        value: { arrayValue: { values: row.text.map((doubleValue) => ({ doubleValue })) } },
                      },
                    ]),
              ],
            },
          },
        },
      ],
    }));
    await askProcessor(url, "/v1/logs", null, { resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
  }
  await askProcessor(url, "/v1/replay", null, { finish: true });
}

test("a replay of vectors equals the stream to the bit, from what the service sent and from what was exported", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tidemark-vectors-replay-"));
  try {
    const path = join(folder, "records.jsonl");
    await writeFile(path, rows.map((row) => JSON.stringify({ ...row, age: 41 })).join("\n"));
    const reference = Array.from({ length: 2_000 }, (_, at) => ({
      text: Array.from({ length: DIMENSION }, (_, index) => (index === 0 ? 1 : 0) + random() - 0.5),
      score: (at % 100) / 100,
      age: 40 + (at % 7),
    }));
    await writeFile(join(folder, "reference.jsonl"), reference.map((row) => JSON.stringify(row)).join("\n"));
    const profile = await buildProfile({
      path: join(folder, "reference.jsonl"),
      model: { name: "search", version: "1", type: "classification" },
      prediction: { score: "score" },
    });
    await writeFile(join(folder, "profile.json"), JSON.stringify(profile));
    const config = configSchema.parse({
      server: { port: 0 },
      clock: { mode: "replay" },
      models: [{ name: "search", profile: "profile.json", windows: ["24h"] }],
    });
    const processor = await startProcessor({ config, directory: folder, logger: pino({ level: "silent" }) });
    let streamed: readonly Measurement[] = [];
    const exported = join(folder, "exported.parquet");
    try {
      await stream(processor.url);
      const { ingest } = await readFrom<{ ingest: { reason: string }[] }>(processor.url, "/v1/status", null);
      assert.deepEqual(
        ingest.filter(({ reason }) => reason === "unknown_feature"),
        [],
        "the profile's vectors are known",
      );
      const found = await readFrom<{ measurements: Measurement[] }>(
        processor.url,
        "/v1/measurements?model=search",
        null,
      );
      streamed = found.measurements.map((each) => ({ ...each, revision: 0 }));
      const answer = await askProcessor(processor.url, "/v1/export?model=search&format=parquet", null);
      await writeFile(exported, new Uint8Array(await answer.arrayBuffer()));
    } finally {
      await processor.close();
    }
    const vectors = streamed.filter(({ target }) => target.kind === "embedding");
    assert.ok(vectors.length >= DAYS);
    assert.ok(vectors.some(({ state, window }) => state === "critical" && window.start.startsWith("2001-01-03")));
    for (const file of [path, exported]) {
      const run = await runReplay({
        file: { path: file, model: "search" },
        config,
        directory: folder,
        onProgress: () => undefined,
      });
      assert.deepEqual([run.rows, run.rejected], [rows.length, 0]);
      assert.deepEqual(run.measurements, streamed, file);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
