import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/run.ts";

test("every clause of the conformance table has its test, in the file named, and every such test its clause", () => {
  const page = readFileSync(path.join(root, "docs/otlp-conformance.md"), "utf8");
  const clauses: [id: string, file: string][] = [];
  let file = "";
  for (const [, id = "", named = ""] of page.matchAll(/^\| ([HG]\d+) \|.*\| (`[^`]+`|same) \|$/gm)) {
    if (named !== "same") file = named.slice(1, -1);
    clauses.push([id, file]);
  }
  assert.ok(clauses.length >= 14);
  const tests = globSync("packages/processor/test/**/*.test.ts", { cwd: root }).flatMap((name) =>
    [...readFileSync(path.join(root, name), "utf8").matchAll(/^test\("([HG]\d+) /gm)].map(([, id]) => `${id} ${name}`),
  );
  assert.deepEqual(tests.sort(), clauses.map(([id, name]) => `${id} ${name}`).sort());
});
