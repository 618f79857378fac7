import assert from "node:assert/strict";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type Config, configSchema, type Measurement } from "@tidemark/schema";
import { compareRuns } from "../../src/replay/compare-runs.ts";
import { runReplay } from "../../src/replay/run-replay.ts";
import { readFrom } from "../../src/report/http-read-api.ts";
import { DAYS, rows, stream } from "../support/churn-stream.ts";
import { withProcessor } from "../support/with-processor.ts";

function configOf(performance: object): Config {
  return configSchema.parse({
    models: [{ name: "churn", profile: "profile.json", windows: ["24h"], performance }],
  });
}

test("a replay of exported records equals the stream to the bit, and another configuration is told apart", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tidemark-replay-test-"));
  try {
    let streamed: readonly Measurement[] = [];
    await withProcessor(async ({ url, folder: own }) => {
      await stream(url);
      ({ measurements: streamed } = await readFrom<{ measurements: Measurement[] }>(
        url,
        "/v1/measurements?model=churn",
        null,
      ));
      await copyFile(join(own, "profile.json"), join(folder, "profile.json"));
    });
    assert.ok(streamed.length > 50);
    assert.ok(
      streamed.some(({ metric, target }) => metric === "ml.ensemble.member.answered" && target.name === "trees"),
    );

    const path = join(folder, "records.jsonl");
    await writeFile(path, rows.map((row) => JSON.stringify(row)).join("\n"));
    const replay = (config: Config) =>
      runReplay({ file: { path, model: "churn" }, config, directory: folder, onProgress: () => undefined });
    const { rows: read, rejected, measurements } = await replay(configOf({}));
    assert.deepEqual([read, rejected], [rows.length, 0]);
    assert.deepEqual(compareRuns(streamed, measurements), []);

    const stricter = await replay(configOf({ levels: { accuracy: { critical: 0.99 } } }));
    assert.notEqual(stricter.measurements[0]!.configId, measurements[0]!.configId);
    const differences = compareRuns(measurements, stricter.measurements);
    assert.equal(differences.length, DAYS);
    assert.ok(differences.every(({ kind, measurement }) => kind === "state" && measurement.target.name === "accuracy"));
    await assert.rejects(
      runReplay({
        file: { path, model: "chrn" },
        config: configOf({}),
        directory: folder,
        onProgress: () => undefined,
      }),
      /no model "chrn"; it has churn/,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("a run that lacks a value, has another state or another number differs", () => {
  const measurement = (parts: Partial<Measurement>) =>
    ({
      model: "m",
      version: "1",
      role: "champion",
      signal: "drift",
      target: { kind: "feature", name: "a" },
      metric: "ml.drift.severity",
      attributes: {},
      value: 1,
      lower: null,
      upper: null,
      state: "ok",
      window: { name: "24h", start: "2001-01-01T00:00:00.000Z", end: "2001-01-02T00:00:00.000Z" },
      ...parts,
    }) as Measurement;
  const [a, b, c] = ["a", "b", "c"].map((name) => measurement({ target: { kind: "feature", name } }));
  const first = [a!, b!, c!];
  const second = [
    measurement({ state: "critical" }),
    measurement({ target: { kind: "feature", name: "b" }, value: 2 }),
    measurement({ target: { kind: "feature", name: "d" } }),
  ];
  assert.deepEqual(
    compareRuns(first, second).map(({ kind, measurement: { target } }) => [kind, target.name]),
    [
      ["state", "a"],
      ["value", "b"],
      ["only_first", "c"],
      ["only_second", "d"],
    ],
  );
  assert.deepEqual(
    compareRuns(
      first,
      first.map((each) => ({ ...each, revision: 3, configId: "other" })),
    ),
    [],
  );
});
