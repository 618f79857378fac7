import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Measurement } from "@tidemark/schema";
import { openConfiguredStore } from "../../src/clickhouse/open-configured-store.ts";
import { HOUR_MS, logRequest, outcomeRecord, predictionRecord, somePredictions } from "../service/otlp-requests.ts";
import { startTestProcessor, type TestProcessor, testConfig } from "../service/start-test-processor.ts";
import { startClickHouseFront } from "./clickhouse-front.ts";

const PREDICTIONS = somePredictions(600, 24);

/** Everything a processor finds in a day of predictions, but for the hash of its own configuration. */
async function judge(processor: TestProcessor): Promise<object[]> {
  const outcomes = PREDICTIONS.map(({ id, timeMs, score }) =>
    outcomeRecord({ id, timeMs: timeMs + HOUR_MS, label: score > 0.4 ? "late" : "on_time" }),
  );
  for (const records of [PREDICTIONS.map(predictionRecord), outcomes]) {
    assert.equal((await processor.post("/v1/logs", logRequest(records))).status, 200);
  }
  assert.equal((await processor.post("/v1/replay", '{"finish": true}')).status, 200);
  return readJudged(processor);
}

async function readJudged(processor: TestProcessor): Promise<object[]> {
  const { measurements } = await processor.json<{ measurements: Measurement[] }>("/v1/measurements");
  return measurements.map((each) => ({ ...each, configId: "", revision: 0 }));
}

test("a processor over a server finds to the bit what one with the embedded engine finds, and finds it again after a restart", async (t) => {
  const embedded = await startTestProcessor(t);
  const expected = await judge(embedded);
  await embedded.close();
  assert.ok(expected.length > 10);

  const folder = mkdtempSync(join(tmpdir(), "tidemark-test-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, "it's secret\n");
  const front = await startClickHouseFront("tide", "it's secret");
  try {
    const store = { url: front.url, user: "tide", passwordFile };
    const first = await startTestProcessor(t, { config: { store } });
    let last: TestProcessor = first;
    try {
      assert.deepEqual(await judge(first), expected);
      assert.equal((await fetch(`${first.url}/readyz`)).status, 200);
      const backup = await first.post("/v1/backups", "");
      assert.equal(backup.status, 501);
      assert.match(await backup.text(), /TIDEMARK_BACKUP_ELSEWHERE.*BACKUP and RESTORE/);
      const erasure = JSON.stringify({ model: "flight-delay", ids: [PREDICTIONS[0]!.id] });
      const erased = await first.post("/v1/erasures", erasure);
      assert.deepEqual(await erased.json(), { predictions: 1, outcomes: 1 });
      last = await first.restart();
      assert.deepEqual(await readJudged(last), expected);
      const { entries } = await last.json<{ entries: { action: string }[] }>("/v1/audit");
      assert.equal(entries.filter(({ action }) => action === "processor.started").length, 2);
      assert.ok(existsSync(join(first.directory, "tidemark-data", "audit.jsonl")));
    } finally {
      await last.close();
    }
  } finally {
    await front.close();
  }
});

test("a password that cannot be read, or an empty file, is told by its field", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-test-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "empty"), "\n");
  for (const [passwordFile, message] of [
    ["missing", /store\.passwordFile .*missing cannot be read/],
    ["empty", /store\.passwordFile .*empty is empty/],
  ] as const) {
    const { store } = testConfig({ store: { url: "http://127.0.0.1:1", passwordFile } });
    await assert.rejects(openConfiguredStore(store, folder), { code: "TIDEMARK_CONFIG_INVALID", message });
  }
});
