import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromEventNumber, toEventNumber } from "../src/index.ts";

test("whole numbers that no int holds travel as text, and every number comes back as it was", () => {
  const rows: [number, number | string][] = [
    [41, 41],
    [0.5, 0.5],
    [2 ** 62, 2 ** 62],
    [2 ** 63, "9223372036854776000"],
    [-1e19, "-10000000000000000000"],
    [1.5e300, "1.5e+300"],
    [Number.MAX_VALUE, "1.7976931348623157e+308"],
  ];
  for (const [number, want] of rows) assert.equal(toEventNumber(number), want);
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      const sent = toEventNumber(number);
      assert.ok(Object.is(typeof sent === "string" ? fromEventNumber(sent) : sent, number));
    }),
  );
});

test("a text that is not exactly such a number stays a text", () => {
  for (const text of [
    "",
    "LAS",
    "12345",
    "1e5",
    "12345678901234567890",
    "-",
    "1e+999",
    "1.0e+21",
    "1e21",
    "Infinity",
    "+1e+21",
  ])
    assert.equal(fromEventNumber(text), null, text);
});
