import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeWindow, mergeByMap } from "@tidemark/stats";
import { windowsReference } from "../../src/references/windows-reference.ts";

const counts = (bin: number, rows: number) => Array.from({ length: 20 }, (_, at) => (at === bin ? rows : 0));

test("where all rows of the windows before lie in one bin, rows that leave it to either side are a change, and few are none", () => {
  for (const bin of [0, 9, 19]) {
    const { reference, map } = windowsReference(counts(bin, 500), { kind: "numeric", variance: [1, 1] });
    const stateOf = (window: readonly number[]) =>
      judgeWindow([{ reference, counts: mergeByMap(window, map) }], { variance: [1, 1] }).state;
    assert.equal(stateOf(counts(bin, 500)), "ok");
    assert.equal(stateOf(counts(bin === 0 ? 1 : bin - 1, 500)), "critical");
    assert.equal(stateOf(counts(bin, 499).map((count, at) => (at === 5 ? count + 1 : count))), "ok");
  }
});

test("bins with too few independent rows are merged with their neighbours", () => {
  const even = new Array<number>(20).fill(30);
  assert.equal(windowsReference(even, { kind: "numeric", variance: [1, 1] }).reference.binCount, 20);
  const dependent = windowsReference(even, { kind: "numeric", variance: [4, 2] });
  assert.ok(dependent.reference.binCount < 20, `${dependent.reference.binCount}`);
  assert.equal(dependent.reference.referenceRows, 150);
});

test("which categories stand alone is said by the training data, not by the luck of the rows that they are held against", () => {
  const equal = new Array<number>(100).fill(0.01);
  const lucky = equal.map((_, at) => (at % 2 === 0 ? 12 : 8));
  const { map } = windowsReference(lucky, { kind: "categorical", variance: [1, 1], shares: equal });
  assert.equal(new Set(map).size, 100);
  const rare = windowsReference(lucky, { kind: "categorical", variance: [1, 1], shares: equal.map(() => 0.005) });
  assert.equal(new Set(rare.map).size, 1);
});
