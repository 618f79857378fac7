import assert from "node:assert/strict";
import { test } from "node:test";
import type { Measurement } from "@tidemark/schema";
import { verdictsSince } from "../../src/intake/verdicts-since.ts";
import { testCase } from "../support.ts";

function measurement(version: string, hour: number, state: Measurement["state"]): Measurement {
  const window = { start: `2026-11-25T${hour - 1}:00:00Z`, end: `2026-11-25T${hour}:00:00Z` };
  return { version, state, window } as unknown as Measurement;
}

test("of each version the newest window with a verdict counts, and in it the worst", async () => {
  const asked: unknown[] = [];
  const since = verdictsSince(async (query) => {
    asked.push(query);
    return [
      measurement("1", 12, "critical"),
      measurement("1", 13, "ok"),
      measurement("1", 13, "warning"),
      measurement("2", 12, "ok"),
      measurement("2", 13, "no_data"),
      measurement("3", 13, null),
    ];
  });
  assert.deepEqual(await since(testCase(), Date.parse("2026-11-25T11:00:00Z")), [
    { version: "1", state: "warning" },
    { version: "2", state: "ok" },
  ]);
  assert.deepEqual(asked, [
    { model: "flight-delay", signal: "drift", target: "distance", from: "2026-11-25T11:00:00.000Z" },
  ]);
});
