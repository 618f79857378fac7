import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { createProgram } from "../../src/program.ts";
import { withProcessor } from "../support/with-processor.ts";

const START_MS = Date.UTC(2001, 0, 1);

async function send(url: string): Promise<void> {
  const nanos = (ms: number) => `${BigInt(ms) * 1_000_000n}`;
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const logRecords = ["p0", "p1"].flatMap((id, at) => [
    {
      timeUnixNano: nanos(START_MS + at * 60_000),
      eventName: "ml.inference.details",
      traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
      attributes: [
        text("ml.model.name", "churn"),
        text("ml.model.version", "1"),
        text("ml.inference.id", id),
        text("ml.prediction.label", "yes"),
        {
          key: "ml.ensemble.answers",
          value: { kvlistValue: { values: [{ key: "trees", value: { stringValue: "yes" } }] } },
        },
        {
          key: "ml.inference.inputs",
          value: { kvlistValue: { values: [{ key: "age", value: { doubleValue: 3 + 100 * at } }] } },
        },
      ],
    },
    {
      timeUnixNano: nanos(START_MS + 3_600_000),
      eventName: "ml.outcome.reported",
      attributes: [
        text("ml.model.name", "churn"),
        text("ml.inference.id", id),
        text("ml.outcome.kind", "class"),
        text("ml.outcome.label", "no"),
      ],
    },
  ]);
  const body = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
  const response = await fetch(`${url}/v1/logs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  assert.equal(response.status, 200);
}

/** What a command prints. */
async function run(...args: string[]): Promise<string> {
  const lines: string[] = [];
  const log = console.log;
  console.log = (line: string) => lines.push(line);
  try {
    await createProgram().parseAsync(["node", "tidemark", ...args]);
  } finally {
    console.log = log;
  }
  return lines.join("\n");
}

test("a prediction is shown with what was unusual, exported with its outcome, and erased for good", () =>
  withProcessor(async ({ url, folder }) => {
    await send(url);
    const usual = await run("show", "p0", "--model", "churn", "--url", url);
    assert.match(usual, /p0 {2}churn 1 \(champion\)/);
    assert.match(usual, /outcome {4}no, at 2001-01-01T01:00:00/);
    assert.match(usual, /members {4}trees yes/);
    assert.match(usual, /trace {6}4bf92f3577b34da6a3ce929d0e0e4736/);
    assert.doesNotMatch(usual, /unusual/);
    assert.match(
      await run("show", "p1", "--model", "churn", "--url", url),
      /age {2}103 {3}<- unusual: outside of 0 to 6/,
    );

    const file = join(folder, "retrain.jsonl");
    await run("export", "--model", "churn", "-o", file, "--labelled", "--url", url);
    const rows = (await readFile(file, "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(
      rows.map(({ id, age, outcome_label, weight }) => [id, age, outcome_label, weight]),
      [
        ["p0", 3, "no", 1],
        ["p1", 103, "no", 1],
      ],
    );

    await assert.rejects(run("erase", "p0", "--model", "churn", "--url", url), /would be erased for good/);
    assert.equal(
      await run("erase", "p0", "--model", "churn", "--yes", "--url", url),
      "erased 1 predictions and 1 outcomes",
    );
    await assert.rejects(run("show", "p0", "--model", "churn", "--url", url), /has no prediction with the id/);
    // Nothing that was asked for under a mistyped name may pass for done, and what the processor says is said as it is.
    const refused: [args: string[], code: string, message: RegExp, fix: RegExp][] = [
      [
        ["erase", "p1", "--model", "chrun", "--yes"],
        "TIDEMARK_NOT_FOUND",
        /^there is no model "chrun"/,
        /Did you mean churn/,
      ],
      [["compare", "chrun"], "TIDEMARK_NOT_FOUND", /^there is no model "chrun"; known: churn$/, /Did you mean churn/],
      [["compare", "fraud", "--json"], "TIDEMARK_NOT_FOUND", /no model "fraud"; known: churn$/, /one of the models/],
      [["ensemble", "chrun"], "TIDEMARK_NOT_FOUND", /^there is no model "chrun"; known: churn$/, /Did you mean churn/],
      [["erase", "", "--model", "churn", "--yes"], "TIDEMARK_USAGE", /^ids\.0: /, /^Send /],
      [["export", "--model", "chrun"], "TIDEMARK_NOT_FOUND", /^nothing is stored/, /Did you mean churn/],
      [["export", "--model", "churn", "--from", "soon"], "TIDEMARK_USAGE", /"from": expected a date/, /./],
      [["export", "--model", "churn", "-o", join(folder, "none", "x.csv")], "TIDEMARK_USAGE", /no folder/, /-o/],
    ];
    for (const [args, code, message, fix] of refused) {
      await assert.rejects(run(...args, "--url", url), { code, message, fix });
    }
    assert.match(await run("compare", "churn", "--url", url), /Nothing to compare/);
  }));
