import assert from "node:assert/strict";
import { test } from "node:test";
import { createTopCategories, mergeTopCategories, type TopCounts } from "@tidemark/sketches";
import fc from "fast-check";

const names = fc.array(fc.constantFrom(..."aaaabbbccdefghij"), { maxLength: 80 });

function counted(values: readonly string[], capacity = 4) {
  const counts = createTopCategories(capacity);
  for (const value of values) counts.record(value);
  return counts;
}

function assertBounds(counts: TopCounts, values: readonly string[]): void {
  assert.equal(counts.count, values.length);
  assert.ok(counts.error <= values.length / (counts.capacity + 1));
  assert.ok(counts.lower.size <= counts.capacity);
  for (const name of new Set(values)) {
    const truth = values.filter((value) => value === name).length;
    const lower = counts.lower.get(name) ?? 0;
    assert.ok(lower <= truth && truth <= lower + counts.error, `${name}: ${lower} ${truth} ${counts.error}`);
  }
}

test("every count lies within its bounds, for one stream and for any merge of parts", () => {
  fc.assert(
    fc.property(names, names, names, (a, b, c) => {
      assertBounds(counted(a), a);
      const [x, y, z] = [counted(a), counted(b), counted(c)] as const;
      const all = [...a, ...b, ...c];
      assertBounds(mergeTopCategories(mergeTopCategories(x, y), z), all);
      assertBounds(mergeTopCategories(x, mergeTopCategories(y, z)), all);
    }),
  );
});

test("with weights every sum of weights lies within its bounds, merged or not", () => {
  const weighted = fc.array(fc.tuple(fc.constantFrom(..."aaaabbbccdefghij"), fc.constantFrom(1, 2.5, 7, 100)), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(weighted, weighted, (a, b) => {
      const [x, y] = [a, b].map((rows) => {
        const counts = createTopCategories(4);
        for (const [name, weight] of rows) counts.record(name, weight);
        return counts;
      });
      const all = [...a, ...b];
      const total = all.reduce((sum, [, weight]) => sum + weight, 0);
      const merged = mergeTopCategories(x!, y!);
      assert.equal(merged.count, total);
      assert.ok(merged.error <= total / 5 && merged.lower.size <= 4);
      for (const [counts, rows] of [
        [merged, all],
        [x!, a],
      ] as const) {
        for (const name of new Set(rows.map(([own]) => own))) {
          const truth = rows.reduce((sum, [own, weight]) => sum + (own === name ? weight : 0), 0);
          const lower = counts.lower.get(name) ?? 0;
          assert.ok(lower <= truth && truth <= lower + counts.error, `${name}: ${lower} ${truth} ${counts.error}`);
        }
      }
    }),
  );
  assert.throws(() => createTopCategories(2).record("a", -1), /weight is -1/);
});

test("merging is commutative to the bit", () => {
  fc.assert(
    fc.property(names, names, (a, b) => {
      const [x, y] = [counted(a), counted(b)];
      assert.deepEqual([...mergeTopCategories(x, y).lower], [...mergeTopCategories(y, x).lower]);
    }),
  );
});

test("with room for every category all is exact, and the rest is what was not kept", () => {
  const counts = counted(["b", "a", "b", "c"], 3);
  assert.deepEqual(counts.top(2), [
    { category: "b", lower: 2, upper: 2 },
    { category: "a", lower: 1, upper: 1 },
  ]);
  assert.equal(counts.rest, 0);
  assert.equal(counted(["a", "a", "b", "c"], 1).rest, 4);
});

test("a wrong capacity is refused by name", () => {
  assert.throws(() => createTopCategories(0), /capacity is 0/);
  assert.throws(() => mergeTopCategories(counted([], 1), counted([], 2)), /capacity of the two counts differs/);
});
