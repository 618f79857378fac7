import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { SkewReport } from "@tidemark/processor";
import { createProgram } from "../../src/program.ts";
import { withProcessor } from "../support/with-processor.ts";

const START_MS = Date.UTC(2001, 0, 1);
const ROWS = 40;

async function send(url: string): Promise<void> {
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const logRecords = Array.from({ length: ROWS }, (_, at) => ({
    timeUnixNano: `${BigInt(START_MS + at * 60_000) * 1_000_000n}`,
    eventName: "ml.inference.details",
    traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
    attributes: [
      text("ml.model.name", "churn"),
      text("ml.model.version", "1"),
      text("ml.inference.id", `p${at}`),
      text("ml.prediction.label", "yes"),
      {
        key: "ml.inference.inputs",
        value: {
          kvlistValue: {
            values: [
              { key: "age", value: { doubleValue: 12 * (at + 20) } },
              { key: "plan", value: { stringValue: at === 3 ? "bas\u001b[2Jic" : "gold" } },
            ],
          },
        },
      },
    ],
  }));
  const response = await fetch(`${url}/v1/logs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }),
  });
  assert.equal(response.status, 200);
}

/** What a command prints, and its exit code. */
async function run(...args: string[]): Promise<{ text: string; exitCode: unknown }> {
  const lines: string[] = [];
  const log = console.log;
  console.log = (line: string) => lines.push(line);
  process.exitCode = undefined;
  try {
    await createProgram().parseAsync(["node", "tidemark", ...args]);
    return { text: lines.join("\n").replaceAll("\u00a0", " "), exitCode: process.exitCode };
  } finally {
    console.log = log;
    process.exitCode = undefined;
  }
}

test("recomputed features are compared with what a running processor has, and the exit code says whether they agree", () =>
  withProcessor(async ({ url, folder }) => {
    await send(url);
    const file = join(folder, "again.csv");
    const rows = Array.from({ length: ROWS }, (_, at) => `p${at},${at + 20},gold,1`);
    await writeFile(file, ["id,years,plan,extra", ...rows, "q1,3,gold,1"].join("\n"));
    const from = ["--model", "churn", "--url", url, "--column", "age=years"];

    const { text, exitCode } = await run("skew", file, ...from);
    assert.equal(exitCode, 1);
    assert.match(text, /^40 rows compared by id; rows without a record: 1$/m);
    assert.match(text, /^ {2}age {3}100 % \(91\.2 % to 100 %\), 40 of 40 rows {2}<- differs$/m);
    assert.match(text, /served is 12 times what was recomputed \(a unit\?\): 100 % of the values that differ/);
    assert.match(text, /^ {2}plan {2}2\.5 % \(0\.44 % to 12\.9 %\), 1 of 40 rows {2}<- differs$/m);
    assert.match(
      text,
      /served bas\\u001b\[2Jic, recomputed gold: p3 at 2001-01-01T00:03:00\.000Z, trace 4bf92f3577b34da6a3ce929d0e0e4736/,
    );
    assert.match(text, /^not recorded by the service: extra$/m);

    const fixed = rows.map((row, at) => row.replace(`,${at + 20},`, `,${12 * (at + 20)},`));
    await writeFile(file, ["id,years,plan,extra", ...fixed].join("\n"));
    assert.equal((await run("skew", file, ...from)).exitCode, 1, "one row in forty still differs");
    const { exitCode: tolerated, text: json } = await run("skew", file, ...from, "--tolerated", "0.03", "--json");
    assert.equal(tolerated, 0);
    const report = JSON.parse(json) as SkewReport;
    assert.deepEqual(
      report.features.map(({ name, differing }) => [name, differing]),
      [
        ["plan", 1],
        ["age", 0],
      ],
    );

    const records = join(folder, "records.parquet");
    await run("export", "--model", "churn", "-o", records, "--url", url);
    assert.equal((await run("skew", file, "--records", records, "--column", "age=years")).exitCode, 1);

    await writeFile(file, "id,plan\nnobody,gold\n");
    await assert.rejects(run("skew", file, ...from.slice(0, 4)), /no id of .* has a record/);
    await assert.rejects(run("skew", file), /no model is named/);
    await assert.rejects(
      run("skew", file, "--tolerated", "2 %"),
      /--tolerated is "2 %"; expected a number from 0 to 1/,
    );
    await assert.rejects(run("skew", file, ...from.slice(0, 4), "--column", "age"), /expected INPUT=COLUMN/);
  }));
