// The threat model names the test that holds each threat: the files must be there, and no row may go without.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/run.ts";

const SHORT: Readonly<Record<string, string>> = {
  "P/": "packages/processor/test/",
  "R/": "packages/responder/test/",
};

test("every threat of SECURITY.md names what holds it, and that is there", () => {
  const text = readFileSync(path.join(root, "SECURITY.md"), "utf8");
  const rows = text.split("\n").filter((line) => line.startsWith("| **"));
  assert.ok(rows.length >= 25, `${rows.length} threats`);
  const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { scripts: object };
  for (const row of rows) {
    const [threat = "", , held = ""] = row.split("|").slice(1);
    const names = [...held.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
    assert.ok(names.length > 0, `nothing holds: ${threat}`);
    for (const name of names) {
      const command = /^npm run ([\w:]+)/.exec(name)?.[1];
      if (command !== undefined) assert.ok(command in scripts, name);
      else if (/[/.]/.test(name)) {
        const full = (SHORT[name.slice(0, 2)] ?? "") + (name.slice(0, 2) in SHORT ? name.slice(2) : name);
        assert.ok(existsSync(path.join(root, full)), `${name} is not there; named for: ${threat}`);
      }
    }
  }
});
