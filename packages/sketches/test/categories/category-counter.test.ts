import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { type CategoryCounts, createCategoryCounter, mergeCategoryCounts } from "@tidemark/sketches";
import fc from "fast-check";

const LISTED = ["a", "b", "", "__proto__", "constructor"];
const category = fc.oneof(fc.constantFrom(...LISTED), fc.string());

function counterOf(recorded: readonly string[]): CategoryCounts {
  const counter = createCategoryCounter(LISTED);
  for (const value of recorded) counter.record(value);
  return counter;
}

const bitsOf = ({ counts, count }: CategoryCounts) => [count, ...counts];

describe("createCategoryCounter", () => {
  it("counts listed categories by their place and all others in the last bin", () => {
    const counter = createCategoryCounter(["LAX", "JFK"]);
    assert.deepEqual(
      ["JFK", "XYZ", "jfk", "LAX"].map((value) => counter.record(value)),
      [1, 2, 2, 0],
    );
    assert.deepEqual([[...counter.counts], counter.count], [[1, 1, 2], 4]);
  });

  it("does not grow with the number of distinct categories", () => {
    const counter = createCategoryCounter(["a"]);
    for (let i = 0; i < 100_000; i++) counter.record(`category ${i}`);
    assert.deepEqual([...counter.counts], [0, 100_000]);
  });

  it("takes names of object members as plain categories", () => {
    assert.equal(createCategoryCounter([]).record("__proto__"), 0);
    assert.equal(createCategoryCounter(LISTED).record("constructor"), 4);
  });

  it("names a category that is listed twice", () => {
    assert.throws(() => createCategoryCounter(["x", "y", "x"]), /categories lists "x" twice/);
  });
});

describe("CategoryCounter.reset", () => {
  it("forgets the counts and keeps the list", () => {
    const counter = createCategoryCounter(["a"]);
    counter.record("a");
    counter.reset();
    assert.deepEqual([[...counter.counts], counter.record("a")], [[0, 0], 0]);
  });
});

describe("mergeCategoryCounts", () => {
  it("gives the same bits in any order, grouping and split of the values", () => {
    fc.assert(
      fc.property(fc.array(category), fc.array(category), fc.array(category), (a, b, c) => {
        const [left, middle, right] = [counterOf(a), counterOf(b), counterOf(c)];
        const whole = bitsOf(counterOf([...c, ...a, ...b]));
        assert.deepEqual(bitsOf(mergeCategoryCounts(mergeCategoryCounts(left, middle), right)), whole);
        assert.deepEqual(bitsOf(mergeCategoryCounts(left, mergeCategoryCounts(right, middle))), whole);
      }),
    );
  });

  it("refuses counts over different lists", () => {
    for (const other of [["a"], ["b", "a"]]) {
      const counter = createCategoryCounter(["a", "b"]);
      assert.throws(() => mergeCategoryCounts(counter, createCategoryCounter(other)), /categories of the two/);
    }
  });
});
