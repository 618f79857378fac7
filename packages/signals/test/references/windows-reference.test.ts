import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeWindow, mergeByMap } from "@tidemark/stats";
import { windowsReference } from "../../src/references/windows-reference.ts";

const counts = (bin: number, rows: number) => Array.from({ length: 20 }, (_, at) => (at === bin ? rows : 0));

test("where all rows of the windows before lie in one bin, rows that leave it to either side are a change, and few are none", () => {
  for (const bin of [0, 9, 19]) {
    const { reference, map } = windowsReference(counts(bin, 500), "numeric", [1, 1]);
    const stateOf = (window: readonly number[]) =>
      judgeWindow([{ reference, counts: mergeByMap(window, map) }], { variance: [1, 1] }).state;
    assert.equal(stateOf(counts(bin, 500)), "ok");
    assert.equal(stateOf(counts(bin === 0 ? 1 : bin - 1, 500)), "critical");
    assert.equal(stateOf(counts(bin, 499).map((count, at) => (at === 5 ? count + 1 : count))), "ok");
  }
});

test("bins with too few independent rows are merged with their neighbours", () => {
  const even = new Array<number>(20).fill(30);
  assert.equal(windowsReference(even, "numeric", [1, 1]).reference.binCount, 20);
  const dependent = windowsReference(even, "numeric", [4, 2]);
  assert.ok(dependent.reference.binCount < 20, `${dependent.reference.binCount}`);
  assert.equal(dependent.reference.referenceRows, 150);
});
