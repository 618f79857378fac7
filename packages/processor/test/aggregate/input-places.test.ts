import assert from "node:assert/strict";
import { fieldsFromRecords } from "../../src/aggregate/fields-from-records.ts";
import { KEY, MONDAY_MS, prediction } from "../records.ts";
import { testProfile } from "../service/test-profile.ts";
import { testStores } from "../temporary-store.ts";

const HOUR_MS = 3_600_000;

testStores(
  "records that name other inputs than most, or none of the profile's, are counted by their own names",
  async ({ store, write }) => {
    const profile = testProfile();
    const inputsOf = (index: number) => {
      if (index === 0) return { a_first: 1, distance: 10, origin: "LAS" };
      if (index === 1) return { distance: 10 };
      if (index === 2) return { other: 3 };
      return { distance: 10, origin: "LAS" };
    };
    const predictions = Array.from({ length: 10 }, (_, index) =>
      prediction(`p-${index}`, MONDAY_MS + index * HOUR_MS, { score: 0.5, label: "late", inputs: inputsOf(index) }),
    );
    await write({ predictions });
    const counted = await fieldsFromRecords(
      store,
      {
        key: KEY,
        profile,
        window: { name: "24h", startMs: MONDAY_MS, endMs: MONDAY_MS + 24 * HOUR_MS },
        outcomeHorizonMs: 24 * HOUR_MS,
        segments: [],
      },
      profile.fields.filter(({ target }) => target === "feature"),
    );
    const present = Object.fromEntries(
      counted.map(({ name, counts, states }) => [
        name,
        [counts.reduce((sum, count) => sum + count, 0), states.missing],
      ]),
    );
    assert.deepEqual(present, { distance: [9, 1], origin: [8, 2] });
  },
);
