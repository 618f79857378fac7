import assert from "node:assert/strict";
import { test } from "node:test";
import { createDistinctCounter } from "@tidemark/sketches";
import fc from "fast-check";

const categories = fc.array(fc.oneof(fc.string(), fc.double()), { maxLength: 50 });

function counted(values: readonly (string | number)[], precision = 6) {
  const counter = createDistinctCounter(precision);
  for (const value of values) counter.record(value);
  return counter;
}

test("merging is associative, commutative and idempotent to the bit", () => {
  fc.assert(
    fc.property(categories, categories, categories, (a, b, c) => {
      const left = counted(a);
      left.add(counted(b));
      left.add(counted(c));
      const right = counted(c);
      right.add(counted([...b, ...a].reverse()));
      right.add(right);
      assert.deepEqual(left.registers, right.registers);
      assert.deepEqual(left.registers, counted([...a, ...b, ...c]).registers);
    }),
  );
});

test("estimates are within four standard errors, and the stated error is what is measured", () => {
  for (const distinct of [1, 10, 100, 1_000, 20_000]) {
    let squares = 0;
    const runs = 20;
    for (let run = 0; run < runs; run++) {
      const counter = createDistinctCounter(10);
      for (let i = 0; i < distinct; i++) counter.record(run % 2 === 0 ? `item-${run}-${i}` : run * 1e6 + i);
      const { value, standardError } = counter.estimate();
      const error = value / distinct - 1;
      assert.ok(Math.abs(error) < 4 * standardError, `${value} for ${distinct}`);
      squares += error * error;
    }
    assert.ok(Math.sqrt(squares / runs) < 1.6 * (1.04 / 32), `${Math.sqrt(squares / runs)} at ${distinct}`);
  }
});

test("nothing is 0, and values seen before change nothing", () => {
  assert.equal(createDistinctCounter().estimate().value, 0);
  const counter = counted(["a", 0, Number.NaN]);
  const before = Uint8Array.from(counter.registers);
  for (const value of ["a", -0, Number.NaN]) counter.record(value);
  assert.deepEqual(counter.registers, before);
});

test("every NaN is one value, whatever its bits", () => {
  const bits = new Float64Array(
    new BigUint64Array([0x7ff8000000000000n, 0x7ff8000000000001n, 0xfff8000000000002n]).buffer,
  );
  assert.deepEqual(counted([...bits]).registers, counted([Number.NaN]).registers);
  const counter = createDistinctCounter(6);
  for (let i = 0; i < bits.length; i++) counter.record(bits[i]!);
  assert.deepEqual(counter.registers, counted([Number.NaN]).registers);
});

test("registers from elsewhere are added, and refused where they cannot be", () => {
  const counter = counted(["a", "b"], 4);
  const stored = new Uint8Array(17).subarray(1);
  stored.set(counted(["c"], 4).registers);
  counter.add({ precision: 4, registers: stored });
  assert.deepEqual(counter.registers, counted(["a", "b", "c"], 4).registers);
  assert.throws(
    () => counter.add({ precision: 4, registers: new Uint8Array(8) }),
    /registers has 8 entries; expected 16/,
  );
  stored[3] = 200;
  assert.throws(() => counter.add({ precision: 4, registers: stored }), /registers\[3\] is 200; expected at most 61/);
});

test("wrong precisions are refused by name", () => {
  for (const precision of [3, 19, 4.5]) assert.throws(() => createDistinctCounter(precision), /precision is/);
  assert.throws(() => createDistinctCounter(4).add(createDistinctCounter(5)), /precision of the two counters differs/);
});

test("texts beyond those that are remembered change nothing: any order gives the same registers", () => {
  const texts = Array.from({ length: 3_000 }, (_, i) => (i % 7 === 0 ? `${"long ".repeat(20)}${i}` : `text ${i}`));
  const [forwards, backwards] = [createDistinctCounter(), createDistinctCounter()];
  for (const text of [...texts, ...texts]) forwards.record(text);
  for (const text of texts.toReversed()) backwards.record(text);
  assert.deepEqual(forwards.registers, backwards.registers);
  assert.ok(Math.abs(forwards.estimate().value - 3_000) < 250);
});
