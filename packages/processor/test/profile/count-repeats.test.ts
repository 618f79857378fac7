import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { countRepeats } from "../../src/profile/count-repeats.ts";

test("blocks of 64, 128, ... rows are counted by themselves, what is left at the end is not", () => {
  const keys = Float64Array.from({ length: 200 }, (_, row) => (row < 64 ? 7 : row === 150 ? 140 : row));
  assert.deepEqual(
    countRepeats(keys).map(({ rows, blocks, largest }) => [rows, blocks, largest]),
    [
      [64, 3, 63 / 64],
      [128, 1, 63 / 128],
    ],
  );
});

test("a block's repeats are its rows less its distinct ones", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 64, maxLength: 400 }), (values) => {
      for (const { rows, blocks, mean, deviation, largest } of countRepeats(Float64Array.from(values))) {
        const shares = Array.from(
          { length: blocks },
          (_, block) => 1 - new Set(values.slice(block * rows, (block + 1) * rows)).size / rows,
        );
        const average = shares.reduce((sum, share) => sum + share, 0) / blocks;
        const squares = shares.reduce((sum, share) => sum + (share - average) ** 2, 0);
        assert.ok(Math.abs(mean - average) < 1e-12);
        assert.ok(Math.abs(largest - Math.max(...shares)) < 1e-12);
        assert.ok(Math.abs(deviation - Math.sqrt(squares / Math.max(1, blocks - 1))) < 1e-9);
      }
    }),
  );
});
