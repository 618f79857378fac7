import assert from "node:assert/strict";
import { test } from "node:test";
import { TidemarkError } from "@tidemark/semconv";
import { reportFailure } from "../../src/config/fail.ts";
import { printLines } from "../../src/config/print-lines.ts";

test("what a recorded value would do to a terminal is shown instead of done; other text stays as it is", () => {
  const rows: [string, string][] = [
    ["  plan  gold", "  plan  gold"],
    ["é 東京 🛫 \u00a0 a\u0301", "é 東京 🛫 \u00a0 a\u0301"],
    ["\u001b[2Jgone", "\\u001b[2Jgone"],
    ["a\nb\r\tc\u0007", "a\\u000ab\\u000d\\u0009c\\u0007"],
    ["\u009b31mred", "\\u009b31mred"],
    ["\u202etxt.exe", "\\u202etxt.exe"],
  ];
  const lines: string[] = [];
  printLines(
    rows.map(([given]) => given),
    (line) => lines.push(line),
  );
  assert.deepEqual(
    lines,
    rows.map(([, want]) => want),
  );
});

test("an error keeps its lines and shows what its values hide", () => {
  const lines: string[] = [];
  const error = new TidemarkError("notFound", 'no model "\u001b[31mx"\n  second line');
  assert.equal(
    reportFailure(error, (line) => lines.push(line)),
    1,
  );
  assert.deepEqual(lines.slice(0, 2), ['TIDEMARK_NOT_FOUND: no model "\\u001b[31mx"', "  second line"]);
});
