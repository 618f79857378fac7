import assert from "node:assert/strict";
import { test } from "node:test";
import { createLogOnce } from "../../src/pipeline/log-once.ts";

test("a name is logged once an interval, and names without end are not remembered", () => {
  let nowMs = 0;
  const lines: string[] = [];
  const logOnce = createLogOnce(60_000, () => nowMs);
  const log = (name: string) => logOnce(name, () => lines.push(name));
  for (const name of ["a", "a", "b"]) log(name);
  nowMs = 59_999;
  log("a");
  nowMs = 60_000;
  log("a");
  assert.deepEqual(lines, ["a", "b", "a"]);
  for (let index = 0; index < 5_000; index++) log(`hostile-${index}`);
  assert.ok(lines.length <= 1_001, String(lines.length));
});
