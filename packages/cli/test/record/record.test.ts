import assert from "node:assert/strict";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openRecordFile, readProfileFile, type ShownPrediction } from "@tidemark/processor";
import type { Measurement } from "@tidemark/schema";
import { configSchema } from "@tidemark/schema";
import { recordFileOptions } from "../../src/record/record-columns.ts";
import { sendRecords } from "../../src/record/send-records.ts";
import { finishReplay } from "../../src/replay/finish-replay.ts";
import { runReplay } from "../../src/replay/run-replay.ts";
import { collectReportData } from "../../src/report/collect-report-data.ts";
import { httpReadApi, readFrom } from "../../src/report/http-read-api.ts";
import { withProcessor } from "../support/with-processor.ts";

const START_MS = Date.UTC(2001, 0, 1);
const HOUR_MS = 3_600_000;
const COLUMNS = { id: "customer id", time: "scored at", score: "p", label: "class", outcome: "churned" } as const;

/** A job's own names, with a score column that is no score and a secret that is no feature. */
async function writeScored(folder: string, change: (row: number) => Partial<Record<string, string>> = () => ({})) {
  const header = ["customer id", "scored at", "p", "class", "age", "score", "iban", "churned"];
  const lines = Array.from({ length: 480 }, (_, row) => {
    const values: Record<string, string> = {
      "customer id": `00${row}`,
      "scored at": new Date(START_MS + row * 0.1 * HOUR_MS).toISOString(),
      p: String((row % 10) / 10),
      class: row % 3 ? "no" : "yes",
      age: String(row % 7),
      score: "17",
      iban: "secret",
      churned: row % 4 ? "no" : "yes",
      ...change(row),
    };
    return header.map((name) => values[name] ?? "").join();
  });
  const path = join(folder, "scored.csv");
  await writeFile(path, [header.join(), ...lines].join("\n"));
  return path;
}

test("a job's file is sent by the names of its own columns, with the profile's features and nothing else", async () => {
  await withProcessor(async ({ url, folder }) => {
    const profile = await readProfileFile(join(folder, "profile.json"));
    const file = await openRecordFile(recordFileOptions(await writeScored(folder), COLUMNS, profile, []));
    assert.deepEqual(file.inputs, ["age"]);
    for (let time = 0; time < 2; time++) {
      const sent = await sendRecords(file, { url, token: null, onProgress: () => undefined });
      assert.deepEqual(sent, { rows: 480, rejected: 0, reasons: [] });
    }
    await file.close();
    const { predictions } = await readFrom<{ predictions: ShownPrediction[] }>(
      url,
      "/v1/predictions/004?model=churn",
      null,
    );
    assert.deepEqual(
      predictions.map(({ score, label, version, inputs, outcome }) => [score, label, version, inputs, outcome?.label]),
      [[0.4, "no", "1", { age: 4 }, "yes"]],
    );
  });
});

test("rows that cannot be used are counted by reason, the others arrive", async () => {
  await withProcessor(async ({ url, folder }) => {
    const profile = await readProfileFile(join(folder, "profile.json"));
    const path = await writeScored(folder, (row) =>
      row === 3 ? { "customer id": "" } : row < 3 ? { "scored at": "never" } : {},
    );
    const { outcome: _, ...columns } = COLUMNS;
    const file = await openRecordFile(recordFileOptions(path, columns, profile, []));
    const sent = await sendRecords(file, { url, token: null, onProgress: () => undefined });
    await file.close();
    assert.equal(sent.rejected, 4);
    assert.deepEqual(
      sent.reasons.map(({ count }) => count),
      [3, 1],
    );
    const [times, ids] = sent.reasons.map(({ example }) => example);
    assert.match(times!, /^row 1: column "scored at" is "never"; expected .* ISO 8601 text such as/);
    assert.match(ids!, /^a row without id: .*ml\.inference\.id/);
  });
});

test("an outcome's time that is none is told, and costs the outcome alone", async () => {
  await withProcessor(async ({ url, folder }) => {
    const path = join(folder, "export.csv");
    const at = new Date(START_MS).toISOString();
    await writeFile(
      path,
      `id,time,label,outcome_time,outcome_label\na,${at},yes,${at},yes\nb,${at},yes,01/02/2001,no\nc,${at},yes,,\n`,
    );
    const file = await openRecordFile({ path, model: "churn", version: "1" });
    const sent = await sendRecords(file, { url, token: null, onProgress: () => undefined });
    await file.close();
    assert.deepEqual([sent.rows, sent.rejected], [3, 1]);
    assert.match(sent.reasons[0]!.example, /^row 2: column "outcome_time" is "01\/02\/2001"; expected/);
  });
});

test("the same file is judged with nothing running, to the bit, and gives what a report is made of", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tidemark-record-test-"));
  try {
    const path = await writeScored(folder);
    let live: readonly Measurement[] = [];
    await withProcessor(async ({ url, folder: own }) => {
      await copyFile(join(own, "profile.json"), join(folder, "profile.json"));
      const file = await openRecordFile(
        recordFileOptions(path, COLUMNS, await readProfileFile(join(own, "profile.json")), []),
      );
      await sendRecords(file, { url, token: null, onProgress: () => undefined });
      await file.close();
      await finishReplay(url);
      live = (await readFrom<{ measurements: Measurement[] }>(url, "/v1/measurements?model=churn", null)).measurements;
    });
    const config = configSchema.parse({ models: [{ name: "churn", profile: "profile.json", windows: ["24h"] }] });
    let reported = 0;
    const run = await runReplay({
      file: recordFileOptions(path, COLUMNS, await readProfileFile(join(folder, "profile.json")), []),
      config,
      directory: folder,
      onProgress: () => undefined,
      async onJudged(url) {
        reported = (await collectReportData(httpReadApi(url), "churn")).models.length;
      },
    });
    assert.equal(reported, 1);
    assert.ok(run.measurements.length > 20);
    const values = (found: readonly Measurement[]) =>
      found.map(({ metric, target, value, state }) => [metric, target, value, state]);
    assert.deepEqual(values(run.measurements), values(live));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
