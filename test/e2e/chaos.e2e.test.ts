import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import type { ChaosResult } from "../../chaos/chaos-result.ts";
import { root } from "../../scripts/run.ts";

test("npm run chaos -- responder keeps every promise, and writes what it did", () => {
  const json = path.join(mkdtempSync(path.join(tmpdir(), "tidemark-")), "chaos.json");
  const parameters = ["run", "chaos", "--", "responder", "--runs", "10", "--seed", "3", "--json", json];
  assert.match(execFileSync("npm", parameters, { cwd: root, encoding: "utf8" }), /every promise was kept in 10 runs/);
  const result = JSON.parse(readFileSync(json, "utf8")) as ChaosResult;
  assert.deepEqual([result.runs, result.broken], [10, []]);
});
