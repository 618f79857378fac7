import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { decodeLogs } from "@tidemark/otlp";
import type { PredictionRecord } from "@tidemark/schema";
import { EXPORT_FORMATS, exportPredictions } from "../../src/export/export-predictions.ts";
import { openRecordFile } from "../../src/replay/open-record-file.ts";
import { KEY, MONDAY_MS, prediction } from "../records.ts";
import { withStore } from "../temporary-store.ts";

const folder = mkdtempSync(join(tmpdir(), "tidemark-records-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const ANY_TIME = { acceptFromUnixNano: 0n, acceptToUnixNano: 2n ** 63n - 1n };

/** The predictions that a file's records decode to. */
async function predictionsOf(path: string): Promise<PredictionRecord[]> {
  const file = await openRecordFile({ path, model: KEY.model });
  try {
    const predictions: PredictionRecord[] = [];
    for await (const logRecords of file.read()) {
      const body = Buffer.from(JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }));
      const decoded = decodeLogs(body, "json", { tenant: KEY.tenant, ...ANY_TIME });
      assert.deepEqual([decoded.rejections, decoded.ignoredInputs], [[], 0]);
      predictions.push(...decoded.predictions);
    }
    return predictions;
  } finally {
    await file.close();
  }
}

test("what is exported comes back bit for bit, vectors too, from every format", async () => {
  // Every kind of single: denormal, largest, one whose shortest decimal is long.
  const odd = Float32Array.of(0.1, 16_777_217, 1e-45, 3.4028235e38, -1 / 3, 8.589973e9, Number.NaN);
  const many = Array.from({ length: 50 }, (_, row) =>
    prediction(`r${row}`, MONDAY_MS + row, {
      vectors: { text: Float32Array.from({ length: 64 }, () => Math.random()) },
    }),
  );
  const records = [
    prediction("odd", MONDAY_MS - 2, { inputs: { age: 3 }, vectors: { odd } }),
    prediction("none", MONDAY_MS - 1, { inputs: { age: 4 } }),
    ...many,
  ];
  await withStore(async ({ store, write }) => {
    await write({ predictions: records });
    for (const format of EXPORT_FORMATS) {
      const path = join(folder, `export.${format}`);
      await exportPredictions(store, { key: { tenant: KEY.tenant, model: KEY.model }, path, format });
    }
  });
  for (const format of EXPORT_FORMATS) {
    const found = await predictionsOf(join(folder, `export.${format}`));
    assert.deepEqual(
      found.map(({ id, vectors }) => ({ id, vectors })),
      records.map(({ id, vectors }) => ({ id, vectors })),
      format,
    );
  }
});

test("arrays of JSON lines are vectors where all are numbers, and texts elsewhere", async () => {
  const path = join(folder, "records.jsonl");
  const time = new Date(MONDAY_MS).toISOString();
  const rows = [
    { id: "a", time, text: [1, 0.5], tags: ["x", "y"] },
    { id: "b", time, text: [], tags: [] },
    { id: "c", time, text: null, tags: null },
    { id: "d", time, text: [1, null] },
  ];
  writeFileSync(path, rows.map((row) => JSON.stringify(row)).join("\n"));
  const found = await predictionsOf(path);
  assert.deepEqual(
    found.map(({ vectors }) => vectors),
    [{ text: Float32Array.of(1, 0.5) }, undefined, undefined, { text: Float32Array.of(1, Number.NaN) }],
  );
  assert.equal(found[0]!.inputs["tags"], "['x','y']");
});
