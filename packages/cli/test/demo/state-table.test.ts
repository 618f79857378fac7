import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { notOkText, stateTable } from "../../src/demo/state-table.ts";
import { aMeasurement } from "./a-measurement.ts";

const newest = [
  aMeasurement({ target: { kind: "feature", name: "hour" }, state: "ok" }),
  aMeasurement(),
  aMeasurement({ signal: "data_quality", state: "ok" }),
  aMeasurement({ signal: "data_quality", state: "warning" }),
  aMeasurement({ target: { kind: "prediction", name: "score" }, state: "insufficient_data" }),
  aMeasurement({ target: { kind: "feature", name: "described" }, state: null }),
];

test("a row each target and a column each signal, with the worst verdict of several", () => {
  assert.deepEqual(
    stateTable(newest).map(stripVTControlCharacters),
    [
      "2001-05-07 to 2001-05-14drift           data quality",
      "hour                    ok",
      "distance                critical        warning",
      "prediction score        insufficient data",
    ].map((line) => line.trimEnd()),
  );
});

test("there is no table before anything is judged", () => {
  assert.deepEqual(stateTable([]), []);
  assert.deepEqual(stateTable([aMeasurement({ state: null })]), []);
});

test("in words, only what is not ok is named", () => {
  assert.equal(notOkText(newest), "distance critical (drift), distance warning (data quality)");
  assert.equal(notOkText([newest[0]!]), "all ok");
});
