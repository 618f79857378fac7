import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { type OutcomeSummary, openOutcomeFile } from "@tidemark/processor";
import type { Measurement } from "@tidemark/schema";
import { metric } from "@tidemark/semconv";
import { type LabelResult, sendOutcomes } from "../../src/label/send-outcomes.ts";
import { withProcessor } from "../support/with-processor.ts";

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2001, 0, 1);

async function predict(url: string, rows: number): Promise<void> {
  const logRecords = Array.from({ length: rows }, (_, row) => ({
    timeUnixNano: `${BigInt(START_MS + row * 60_000) * 1_000_000n}`,
    eventName: "ml.inference.details",
    attributes: Object.entries({
      "ml.model.name": "churn",
      "ml.model.version": "1",
      "ml.inference.id": `p${row}`,
      "ml.prediction.label": "yes",
    }).map(([key, stringValue]) => ({ key, value: { stringValue } })),
  }));
  const body = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
  const response = await fetch(`${url}/v1/logs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  assert.equal(response.status, 200);
}

async function label(path: string, url: string | null, model = "churn"): Promise<LabelResult> {
  const file = await openOutcomeFile({ path, columns: { id: "id", label: "truth", time: "at" } });
  try {
    return await sendOutcomes({ rows: file.read(), model, kind: "class", url, onProgress: () => undefined });
  } finally {
    await file.close();
  }
}

function line(row: number, truth: string, delayMs = DAY_MS): string {
  return JSON.stringify({ id: `p${row}`, truth, at: new Date(START_MS + row * 60_000 + delayMs).toISOString() });
}

test("labels of a file come days late, twice, corrected and without a prediction, and each is accounted for", () =>
  withProcessor(async ({ url, folder }) => {
    await predict(url, 100);
    const read = async <T>(path: string) => (await (await fetch(url + path)).json()) as T;
    await fetch(`${url}/v1/replay`, { method: "POST", body: '{"finish":true}' });
    const file = join(folder, "labels.jsonl");
    const lines = Array.from({ length: 100 }, (_, row) => line(row, row < 80 ? "yes" : "no")).reverse();
    // p0 is corrected later, p1 told again later, p2 contradicted at the same instant, p3 is no class of the model.
    lines.push(line(0, "no", 2 * DAY_MS), line(1, "yes", 2 * DAY_MS), line(2, "no"), line(3, "Yes!", 2 * DAY_MS));
    lines.push(line(900, "yes"), line(4, "no", 50 * DAY_MS));
    await writeFile(file, lines.join("\n"));
    assert.deepEqual(await label(file, url), { accepted: 106, refused: 0, reasons: [] });
    assert.deepEqual(await label(file, url), { accepted: 106, refused: 0, reasons: [] });
    await fetch(`${url}/v1/replay`, { method: "POST", body: '{"finish":true}' });
    const { outcomes, matched, orphans, duplicates, corrected, conflicts } =
      await read<OutcomeSummary>("/v1/outcomes?model=churn");
    assert.deepEqual(
      { outcomes, matched, orphans, duplicates, corrected, conflicts },
      { outcomes: 101, matched: 100, orphans: 1, duplicates: 1, corrected: 3, conflicts: 1 },
    );
    const { measurements } = await read<{ measurements: Measurement[] }>("/v1/measurements?model=churn");
    const of = (name: string) => measurements.filter((each) => each.metric === name);
    const states = Object.fromEntries(
      of(metric.outcomeCount).map(({ attributes, value }) => [Object.values(attributes)[0], value]),
    );
    // p4's latest truth came after the horizon of 40 days.
    assert.deepEqual(states, { matched: 99, late: 1, duplicate: 1, corrected: 2, conflict: 1, unknown_class: 1 });
    assert.equal(of(metric.outcomeCoverage)[0]!.value, 0.99);
    assert.equal(of(metric.outcomeCoverage)[0]!.revision, 1);
    assert.equal(of(metric.performanceAccuracy)[0]!.count, 98);
  }));

test("rows that cannot be used are explained with their number and the rest is sent", () =>
  withProcessor(async ({ url, folder }) => {
    const file = join(folder, "labels.csv");
    const at = new Date(START_MS).toISOString();
    await writeFile(
      file,
      `id,truth,at\np1,yes,${at}\n,yes,${at}\np2,,${at}\np3,no,yesterday\np4,no,${at}\n${"x".repeat(10_000)},no,${at}\n`,
    );
    const result = await label(file, url);
    assert.equal(result.accepted, 2);
    assert.equal(result.refused, 4);
    assert.deepEqual(
      result.reasons.map(({ reason, count }) => [reason, count]),
      [
        ["id_missing", 1],
        ["outcome_missing", 1],
        ["not_a_time", 1],
        ["text_too_long", 1],
      ],
    );
    assert.match(result.reasons[0]!.example, /^row 2: column "id" is empty/);
    // Refused by the processor, of which it was the third.
    assert.match(result.reasons[3]!.example, /^row 6: id /);
    const foreign = await label(file, url, "chrun");
    const unknown = foreign.reasons.find(({ reason }) => reason === "unknown_model");
    assert.equal(unknown?.count, 2);
    assert.match(unknown!.example, /model is "chrun".*did you mean "churn"/);
    assert.equal((await label(file, null)).accepted, 3);
    await assert.rejects(openOutcomeFile({ path: file, columns: { id: "di", label: "truth" } }), /did you mean "id"/);
  }));
