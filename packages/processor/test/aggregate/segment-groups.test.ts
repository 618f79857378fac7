import assert from "node:assert/strict";
import { test } from "node:test";
import { SegmentGroups } from "../../src/aggregate/segment-groups.ts";

const ROW = {
  score: 0.5,
  label: "late",
  value: null,
  outcomeKind: "class",
  outcomeLabel: "late",
  outcomeValue: null,
  position: null,
  probability: 0.5,
  count: 1,
} as const;

/** Twenty-five airports, a00 with one row, a24 with 25. */
function airports(known: readonly { readonly name: string; readonly value: string }[]) {
  const groups = new SegmentGroups(["airport"], known);
  for (let airport = 0; airport < 25; airport++) {
    for (let row = 0; row <= airport; row++) groups.add([`a${String(airport).padStart(2, "0")}`], ROW);
  }
  return Object.fromEntries(groups.list().map(({ value, labelled }) => [value, labelled.length]));
}

test("of many values the twenty largest are told apart, and those that the reference knows however few rows they have", () => {
  const without = airports([]);
  assert.equal(Object.keys(without).length, 21);
  assert.deepEqual([without["a05"], without["a04"], without["_other_"]], [6, undefined, 15]);
  // A storm at a small airport makes fewer flights and more delays: its windows must not drop out of what is added up.
  const known = airports([
    { name: "airport", value: "a00" },
    { name: "airport", value: "a24" },
    { name: "carrier", value: "a01" },
    { name: "airport", value: "gone" },
  ]);
  assert.deepEqual([known["a00"], known["a05"], known["a24"], known["a01"]], [1, 6, 25, undefined]);
  assert.equal(known["_other_"], 14);
  assert.equal(Object.keys(known).length, 22);
});
