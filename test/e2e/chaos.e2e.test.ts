import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import type { ChaosResult } from "../../chaos/chaos-result.ts";
import { root } from "../../scripts/run.ts";

/** Runs of each chaos in CI; the numbers that the documentation reports come from longer runs of the same command. */
const RUNS: readonly [name: string, runs: number][] = [
  ["responder", 10],
  ["otlp", 2_000],
  ["store", 10],
  ["replicas", 3],
  ["overload", 1],
  ["soak", 2],
];

for (const [name, runs] of RUNS) {
  test(`npm run chaos -- ${name} keeps every promise, and writes what it did`, () => {
    const json = path.join(mkdtempSync(path.join(tmpdir(), "tidemark-")), "chaos.json");
    const parameters = ["run", "chaos", "--", name, "--runs", String(runs), "--seed", "3", "--json", json];
    const output = execFileSync("npm", parameters, { cwd: root, encoding: "utf8" });
    assert.match(output, new RegExp(`every promise was kept in ${runs} runs`));
    const result = JSON.parse(readFileSync(json, "utf8")) as ChaosResult;
    assert.deepEqual([result.runs, result.broken], [runs, []]);
  });
}
