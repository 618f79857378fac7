import assert from "node:assert/strict";
import { test } from "node:test";
import { createJointTable, type JointDimension, marginalTable, mergeJointTables } from "@tidemark/sketches";
import fc from "fast-check";

const DIMENSIONS: readonly JointDimension[] = [
  { kind: "categories", categories: ["LAX", "JFK"] },
  { kind: "boundaries", boundaries: [500, 1_000] },
];
const rows = fc.array(
  fc.tuple(
    fc.constantFrom("LAX", "JFK", "XYZ"),
    fc.double({ min: 0, max: 2_000, noNaN: true }),
    fc.double({ min: 1, max: 50, noNaN: true }),
  ),
  { maxLength: 40 },
);

function counted(values: readonly (readonly [string, number, number])[]) {
  const table = createJointTable(DIMENSIONS);
  for (const [origin, distance, weight] of values) table.record([origin, distance], weight);
  return table;
}

test("a row counts in the cell of its bins, others in the last, an edge below", () => {
  const table = createJointTable(DIMENSIONS);
  assert.deepEqual(table.shape, [3, 3]);
  assert.equal(table.record(["JFK", 700]), 4);
  assert.equal(table.record(["LAX", 500]), 0);
  assert.equal(table.record(["never seen", 5_000]), 8);
  assert.equal(table.record(["LAX", Number.NaN]), -1);
  assert.equal(table.record(["LAX", "no number"]), -1);
  assert.equal(
    table.weights.reduce((sum, weight) => sum + weight, 0),
    3,
  );
});

test("merging is associative and commutative to the bit", () => {
  fc.assert(
    fc.property(rows, rows, rows, (a, b, c) => {
      const [x, y, z] = [counted(a), counted(b), counted(c)] as const;
      const left = mergeJointTables(mergeJointTables(x, y), z);
      assert.deepEqual(left, mergeJointTables(x, mergeJointTables(z, y)));
      assert.deepEqual(left.weights, counted([...c, ...b, ...a]).weights);
    }),
  );
});

test("a marginal table is the table of the kept dimensions alone", () => {
  fc.assert(
    fc.property(rows, (values) => {
      const table = counted(values);
      for (const kept of [0, 1]) {
        const alone = createJointTable([DIMENSIONS[kept]!]);
        for (const row of values) alone.record([row[kept as 0 | 1]], row[2]);
        const { shape, weights, squaredWeights } = marginalTable(table, [kept]);
        assert.deepEqual([shape, weights, squaredWeights], [alone.shape, alone.weights, alone.squaredWeights]);
      }
      assert.deepEqual(marginalTable(table, [0, 1]).weights, table.weights);
    }),
  );
});

test("what does not fit is refused by name", () => {
  const table = createJointTable(DIMENSIONS);
  assert.throws(() => table.record(["LAX"]), /values has 1 entries; expected 2/);
  for (const weight of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => table.record(["LAX", 1], weight), /weight is/);
  }
  assert.throws(() => createJointTable([]), /dimensions is empty/);
  assert.throws(
    () => createJointTable([{ kind: "categories", categories: ["a", "a"] }]),
    /categories lists a category twice/,
  );
  assert.throws(() => createJointTable([{ kind: "boundaries", boundaries: [2, 1] }]), /boundaries\[1\] is 1/);
  const wide: JointDimension = { kind: "boundaries", boundaries: Array.from({ length: 2_000 }, (_, i) => i) };
  assert.throws(() => createJointTable([wide, wide]), /cells; expected at most/);
  assert.throws(() => marginalTable(table, [1, 0]), /kept is \[1,0\]/);
  assert.throws(
    () => mergeJointTables(table, createJointTable([DIMENSIONS[0]!])),
    /dimensions of the two tables differ/,
  );
});
