import assert from "node:assert/strict";
import { cp, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type Config, canonicalJson, configSchema, type Measurement, type Profile } from "@tidemark/schema";
import { compareRuns } from "../../src/replay/compare-runs.ts";
import { runBackfill } from "../../src/replay/run-backfill.ts";
import { askProcessor, readFrom } from "../../src/report/http-read-api.ts";
import { DAYS, rows, stream } from "../support/churn-stream.ts";
import { withProcessor } from "../support/with-processor.ts";

const DAY_MS = 86_400_000;

function configOf(performance: object): Config {
  // An address of the service: the copy must not take it.
  return configSchema.parse({
    server: { grpcPort: 4317 },
    models: [{ name: "churn", profile: "profile.json", windows: ["24h"], performance }],
  });
}

/** One histogram of `age` a day on the profile's own boundaries, as the instrumentation counts it. */
async function sendPoints(url: string, profile: Profile): Promise<void> {
  const age = profile.fields.find(({ name }) => name === "age")!;
  assert.equal(age.kind, "numeric");
  const boundaries = age.kind === "numeric" ? age.boundaries : [];
  const firstMs = Date.parse(rows[0]!.time);
  const dataPoints = Array.from({ length: DAYS }, (_, day) => {
    const [startMs, endMs] = [firstMs + day * DAY_MS, firstMs + (day + 1) * DAY_MS];
    const counts = new Array<number>(boundaries.length + 1).fill(0);
    for (const row of rows) {
      const ms = Date.parse(row.time);
      if (ms < startMs || ms >= endMs) continue;
      const bin = boundaries.findIndex((boundary) => row.age <= boundary);
      counts[bin < 0 ? boundaries.length : bin]!++;
    }
    const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });
    return {
      attributes: [
        attribute("ml.model.name", "churn"),
        attribute("ml.model.version", "1"),
        attribute("ml.feature.name", "age"),
      ],
      startTimeUnixNano: `${BigInt(startMs) * 1_000_000n}`,
      timeUnixNano: `${BigInt(endMs) * 1_000_000n}`,
      count: `${counts.reduce((sum, count) => sum + count, 0)}`,
      sum: 1,
      explicitBounds: boundaries,
      bucketCounts: counts.map(String),
    };
  });
  const metrics = [{ name: "ml.feature.value", unit: "{value}", histogram: { aggregationTemporality: 1, dataPoints } }];
  await askProcessor(url, "/v1/metrics", null, { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] });
}

/** Names and sizes of everything in a folder. */
async function listingOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  const sizes = await Promise.all(entries.map(async (entry) => `${entry} ${(await stat(join(folder, entry))).size}`));
  return sizes.sort();
}

test("a backfill equals the stream to the bit, metric points too, and leaves the backup as it was", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tidemark-backfill-test-"));
  try {
    let streamed: readonly Measurement[] = [];
    const backup = join(folder, "backup");
    await withProcessor(async ({ url, folder: own }) => {
      await sendPoints(url, JSON.parse(await readFile(join(own, "profile.json"), "utf8")) as Profile);
      await stream(url);
      ({ measurements: streamed } = await readFrom<{ measurements: Measurement[] }>(
        url,
        "/v1/measurements?model=churn",
        null,
      ));
      const { name } = (await (await askProcessor(url, "/v1/backups", null, {})).json()) as { name: string };
      await cp(join(own, "tidemark-backups", name), backup, { recursive: true });
      await cp(join(own, "profile.json"), join(folder, "profile.json"));
    });
    assert.ok(streamed.length > 50);
    const listing = await listingOf(backup);
    const backfill = (config: Config) => runBackfill({ backup, config, directory: folder, workspace: folder });

    const same = await backfill(configOf({}));
    assert.deepEqual(compareRuns(streamed, same), []);
    const withoutHash = (found: readonly Measurement[]) =>
      found.map((each) => canonicalJson({ ...each, configId: "", revision: 0 }));
    assert.deepEqual(withoutHash(same), withoutHash(streamed));

    const stricter = await backfill(configOf({ levels: { accuracy: { critical: 0.99 } } }));
    assert.notEqual(stricter[0]!.configId, same[0]!.configId);
    assert.equal(stricter[0]!.profileId, same[0]!.profileId);
    const differences = compareRuns(same, stricter);
    assert.equal(differences.length, DAYS);
    assert.ok(differences.every(({ kind, measurement }) => kind === "state" && measurement.target.name === "accuracy"));

    assert.deepEqual(await listingOf(backup), listing, "the backup is as it was");
    assert.deepEqual((await readdir(folder)).sort(), ["backup", "profile.json"], "the copies are gone");
    await assert.rejects(
      runBackfill({ backup, config: configOf({}), directory: folder, model: "chrn" }),
      /no model "chrn"; it has churn/,
    );
    await rm(join(backup, "backup.json"));
    await assert.rejects(backfill(configOf({})), /is no complete backup/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
