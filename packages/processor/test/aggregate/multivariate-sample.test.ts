import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readMultivariate } from "../../src/aggregate/multivariate-sample.ts";
import { buildProfile } from "../../src/profile/build-profile.ts";
import { HOUR_MS, KEY, MONDAY_MS, prediction } from "../records.ts";
import { withStore } from "../temporary-store.ts";

test("of a large window the rows that were sampled likelier count no more than the others", () =>
  withStore(async ({ store, write }) => {
    const folder = mkdtempSync(join(tmpdir(), "tidemark-joint-"));
    try {
      const path = join(folder, "train.csv");
      const rows = Array.from({ length: 2_000 }, (_, at) => `${(at * 7) % 101},${(at * 13) % 97},${(at * 29) % 89}`);
      writeFileSync(path, ["a,b,c", ...rows].join("\n"));
      const profile = await buildProfile({
        path,
        model: { name: KEY.model, version: KEY.version, type: "classification" },
        features: { a: "numeric", b: "numeric", c: "numeric" },
      });
      // Of each four, one was kept for certain and stands for itself, three with probability 1/4 and stand for four each.
      const predictions = Array.from({ length: 12_000 }, (_, at) =>
        prediction(`id-${at}`, MONDAY_MS + (at % 3_000) * 1_000, {
          samplingProbability: at % 4 === 0 ? 1 : 0.25,
          inputs: { a: (at * 7) % 101, b: at % 4 === 0 ? (at * 13) % 97 : null, c: (at * 29) % 89 },
        }),
      );
      for (let from = 0; from < predictions.length; from += 3_000) {
        await write({ predictions: predictions.slice(from, from + 3_000) });
      }
      const window = { name: "1h", startMs: MONDAY_MS, endMs: MONDAY_MS + HOUR_MS };
      const counts = await readMultivariate(store, { key: KEY, profile, window });
      assert.equal(counts?.rows, 2_000);
      // Pairs (b, a), (c, a), (c, b): of those with b, which the certain rows alone have, 1 of 13; five deviations are 60.
      const [ba, ca, cb] = counts.correlationRows as [number, number, number];
      assert.equal(ca, 2_000);
      assert.equal(ba, cb);
      assert.ok(Math.abs(ba - 2_000 / 13) < 60, `${ba} of 2,000`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }));
