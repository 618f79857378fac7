import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { compare } from "./compare.ts";
import { runFolder } from "./run-folder.ts";

/** Peers' values, and those of the detector's and the estimation's specification. */
const FOLDERS = ["fixtures", "detection/fixtures", "estimation/fixtures"];
const reports = FOLDERS.flatMap((folder) =>
  runFolder(path.join(import.meta.dirname, "../../packages/stats/test", folder)),
);

for (const { name, passed, failed, worstRelativeError } of reports) {
  test(`${name}: the public functions give the values`, () => {
    assert.deepEqual(failed, []);
    assert.ok(passed > 0, "no case of this file was run");
    assert.ok(worstRelativeError <= 1e-6);
  });
}

test("the subset is large enough to mean something", () => {
  const passed = reports.reduce((sum, report) => sum + report.passed, 0);
  assert.ok(passed >= 700, `${passed} cases passed`);
});

test("a difference, a missing member, a wrong length and a value where there is none do not pass", () => {
  const pairs: [unknown, unknown][] = [
    [1, 1 + 1e-8],
    [1, null],
    [Number.NaN, 1],
    [{ error: "ValueError: no" }, { statistic: 1 }],
    [{ statistic: 1, pvalue: 0.5 }, { statistic: 1 }],
    [[1, 2], [1]],
    [{ pvalue: 1e-20 }, { pvalue: 1.00001e-20 }],
    [true, false],
    [{}, null],
  ];
  for (const [expected, actual] of pairs)
    assert.equal(compare(expected, actual).equal, false, JSON.stringify(expected));
});

test("the same value, no value on both sides and a far tail within 1e-6 pass", () => {
  const pairs: [unknown, unknown][] = [
    [1, 1 + 1e-12],
    [Number.NaN, null],
    [{ error: "ValueError: no" }, new RangeError("refused")],
    [
      { statistic: Number.NaN, pvalue: Number.NaN, df: 1 },
      { statistic: null, pvalue: null, df: null },
    ],
    [{ pvalue: 1e-20 }, { pvalue: 1.0000001e-20 }],
    [[1, 2], Float64Array.of(1, 2)],
  ];
  for (const [expected, actual] of pairs) assert.equal(compare(expected, actual).equal, true, JSON.stringify(expected));
});
