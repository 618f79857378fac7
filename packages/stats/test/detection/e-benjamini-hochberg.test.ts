import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { eBenjaminiHochberg } from "@tidemark/stats";

describe("eBenjaminiHochberg", () => {
  const rows: [string, number[], boolean[]][] = [
    ["flags one of one from 1/level on", [20], [true]],
    ["flags none below", [19.9], [false]],
    ["needs F/level for a single one of many", [79, 1, 1, 1], [false, false, false, false]],
    ["needs less of each when there are several", [2, 40, 41, 0.5], [false, true, true, false]],
    ["flags all that reach the line of the largest k", [27, 27, 27, 2], [true, true, true, false]],
    ["takes an e-value of 0", [0, 1000], [false, true]],
    ["flags nothing of nothing", [], []],
  ];
  for (const [behaviour, eValues, want] of rows) {
    it(behaviour, () => assert.deepEqual(eBenjaminiHochberg(eValues.map(Math.log), 0.05), want));
  }

  it("names the level or value that is out of range", () => {
    assert.throws(() => eBenjaminiHochberg([1], 0), /level is 0/);
    assert.throws(() => eBenjaminiHochberg([Number.NaN], 0.05), /logEvidences holds NaN/);
  });
});
