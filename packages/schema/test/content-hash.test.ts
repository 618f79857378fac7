import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { canonicalJson, contentHash, parseDuration } from "../src/index.ts";

test("the hash does not depend on the order of keys", () => {
  assert.equal(contentHash({ a: 1, b: { c: 2, d: [1, 2] } }), contentHash({ b: { d: [1, 2], c: 2 }, a: 1 }));
  assert.notEqual(contentHash({ a: [1, 2] }), contentHash({ a: [2, 1] }));
});

test("canonical JSON parses back to the same value", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json = JSON.stringify(value);
      assert.deepEqual(JSON.parse(canonicalJson(JSON.parse(json))), JSON.parse(json));
    }),
  );
});

test("durations are read in their unit, and refused without one", () => {
  const rows: [string, number][] = [
    ["250ms", 250],
    ["15s", 15_000],
    ["5m", 300_000],
    ["24h", 86_400_000],
    ["7d", 604_800_000],
    ["1.5h", 5_400_000],
  ];
  for (const [text, want] of rows) assert.equal(parseDuration(text), want);
  for (const text of ["", "5", "m", "-5m", "5 m", "5w"]) assert.throws(() => parseDuration(text), RangeError);
});
