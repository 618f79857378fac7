import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { countVariety } from "../../src/profile/count-variety.ts";

test("sixteen blocks of a length are needed, and of many 256 are counted", () => {
  const lengthsOf = (values: number) =>
    countVariety(new Int32Array(values), 1)?.map(({ rows, blocks }) => [rows, blocks]);
  assert.equal(lengthsOf(1_023), undefined);
  assert.deepEqual(lengthsOf(1_024), [[64, 16]]);
  assert.deepEqual(lengthsOf(4_100), [
    [64, 64],
    [128, 32],
    [256, 16],
  ]);
  assert.deepEqual(lengthsOf(64 * 1_000)![0], [64, 256]);
});

test("a block's distinct values and growth are those that counting each gives", () => {
  const many = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1_024, maxLength: 2_047 });
  fc.assert(
    fc.property(many, (values) => {
      const shareOf = (list: readonly number[], value: number) =>
        list.filter((own) => own === value).length / list.length;
      const blocks = Array.from({ length: Math.floor(values.length / 64) }, (_, at) =>
        values.slice(64 * at, 64 * at + 64),
      );
      const distinct = blocks.map((block) => Math.log(new Set(block).size));
      const growth = blocks.map((block) =>
        Math.max(...[...new Set(block)].map((value) => shareOf(block, value) - shareOf(values, value))),
      );
      const [point] = countVariety(Int32Array.from(values), 31)!;
      const near = (found: number, want: number) => assert.ok(Math.abs(found - want) < 2e-6, `${found} ${want}`);
      near(point!.distinct.mean, distinct.reduce((sum, value) => sum + value, 0) / blocks.length);
      near(point!.distinct.smallest, Math.min(...distinct));
      near(point!.distinct.largest, Math.max(...distinct));
      near(point!.growth.largest, Math.max(0, ...growth));
      near(point!.growth.mean, growth.reduce((sum, value) => sum + Math.max(0, value), 0) / blocks.length);
    }),
    { numRuns: 30 },
  );
});

test("a feature of one value has one everywhere, and grows nowhere", () => {
  const [point] = countVariety(new Int32Array(2_048), 1)!;
  assert.deepEqual(point!.distinct, { mean: 0, deviation: 0, smallest: 0, largest: 0 });
  assert.ok(point!.growth.largest < 1e-6);
});
