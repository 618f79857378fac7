import assert from "node:assert/strict";
import { test } from "node:test";
import { readRanges } from "../../src/config/read-ranges.ts";

test("ranges are read with either end left out", () => {
  assert.deepEqual(readRanges("age=0:120, amount=0:,balance=:-1.5e3"), {
    age: { min: 0, max: 120 },
    amount: { min: 0 },
    balance: { max: -1500 },
  });
});

test("what is no range is quoted beside what one looks like", () => {
  for (const text of ["age", "age=", "age=:", "age=a:b", "age=9:1", "age=-1:-2", "=0:1"]) {
    assert.throws(() => readRanges(text), { code: "TIDEMARK_USAGE", message: /expected name=min:max/ }, text);
  }
});
