import assert from "node:assert/strict";
import { test } from "node:test";
import { BlockLength } from "../../src/sequences/block-length.ts";
import { PairedComparison } from "../../src/sequences/paired-comparison.ts";

/** Uniform in (0, 1), mulberry32. */
function uniforms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

test("rows that stand alone need the shortest block, rows that follow each other a longer one", () => {
  const [alone, following] = [new BlockLength(), new BlockLength()];
  const next = uniforms(1);
  let value = 0;
  for (let row = 0; row < 200_000; row++) {
    const noise = next() - 0.5;
    value = 0.99 * value + noise;
    alone.update(1, noise);
    following.update(1, value);
  }
  assert.equal(alone.current(), 30);
  const rows = following.current();
  assert.ok(rows !== null && rows >= 960, `100 rows of memory, blocks of ${rows}`);
});

test("before thirty blocks nothing is said of their length, and values that never vary are independent", () => {
  const length = new BlockLength();
  for (let row = 0; row < 899; row++) length.update(1, 0.25);
  assert.equal(length.current(), null);
  length.update(1, 0.25);
  assert.equal(length.current(), 30);
});

test("looked at after every minute, equal models are told apart in at most one of twenty comparisons", () => {
  let wrong = 0;
  for (let run = 0; run < 200; run++) {
    const next = uniforms(run + 1);
    const comparison = new PairedComparison({ range: [-1, 1] });
    let memory = 0;
    for (let minute = 0; minute < 2_000; minute++) {
      let sum = 0;
      for (let row = 0; row < 5; row++) {
        memory = 0.8 * memory + 0.2 * (2 * next() - 1);
        sum += memory;
      }
      const { verdict } = comparison.update({ pairs: 5, sum });
      if (verdict === "challenger_better" || verdict === "champion_better") {
        wrong++;
        break;
      }
    }
  }
  assert.ok(wrong <= 10, `${wrong} of 200`);
});

test("a better challenger is found, the first decision stands, and it waits until it may fall", () => {
  const next = uniforms(3);
  const comparison = new PairedComparison({ range: [-1, 1] });
  const feed = (pairs: number, mean: number, mayDecide: boolean) => {
    let state = comparison.state();
    for (let at = 0; at < pairs; at += 10) {
      const sum = Array.from({ length: 10 }, () => (next() < (1 + mean) / 2 ? 1 : -1)).reduce((a, b) => a + b, 0);
      state = comparison.update({ pairs: 10, sum, mayDecide });
    }
    return state;
  };
  assert.equal(feed(400, -0.3, true).verdict, "insufficient_data");
  assert.equal(feed(20_000, -0.3, false).verdict, "undecided");
  const decided = feed(10, -0.3, true);
  assert.equal(decided.verdict, "challenger_better");
  assert.equal(decided.decidedAtPairs, decided.pairs);
  const later = feed(60_000, 0.3, true);
  assert.equal(later.verdict, "challenger_better");
  assert.equal(later.decidedAtPairs, decided.decidedAtPairs);
});

test("a stretch that is none is refused by name", () => {
  const comparison = new PairedComparison({ range: [-1, 1] });
  assert.throws(() => comparison.update({ pairs: 0, sum: 0 }), /pairs is 0/);
  assert.throws(() => comparison.update({ pairs: 3, sum: Number.NaN }), /sum is NaN/);
});
