import assert from "node:assert/strict";
import { test } from "node:test";
import { type AdjustmentMethod, adjustPValues } from "@tidemark/stats";
import fc from "fast-check";

const methods: readonly AdjustmentMethod[] = [
  "bonferroni",
  "sidak",
  "holm",
  "holm-sidak",
  "hochberg",
  "benjamini-hochberg",
  "benjamini-yekutieli",
];
const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 });

for (const method of methods) {
  test(`${method}: never below the p-value, at most 1, order kept, deaf to the order of the tests`, () => {
    fc.assert(
      fc.property(pValues, (values) => {
        const adjusted = adjustPValues(values, method);
        assert.equal(adjusted.length, values.length);
        values.forEach((p, i) => {
          assert.ok(adjusted[i]! >= p * (1 - 1e-12) && adjusted[i]! <= 1);
          values.forEach((other, j) => {
            if (p < other) assert.ok(adjusted[i]! <= adjusted[j]!);
          });
        });
        assert.deepEqual(adjustPValues(values.toReversed(), method), adjusted.toReversed());
      }),
    );
  });
}

test("a missing or impossible p-value is refused by name", () => {
  assert.throws(() => adjustPValues([0.1, Number.NaN], "holm"), /pValues\[1\] is NaN/);
  assert.throws(() => adjustPValues([1.5], "sidak"), /pValues\[0\] is 1.5/);
});
