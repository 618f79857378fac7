import assert from "node:assert/strict";
import { test } from "node:test";
import { createSeededRandom } from "../../bench/detection/seeded-random.ts";
import { type FleetLoad, type ReplicaLoss, simulateFleet } from "../../bench/scale/simulate-fleet.ts";
import { createWeightedValues } from "../../bench/scale/weighted-values.ts";
import { zipfShares } from "../../bench/scale/zipf-shares.ts";
import { COSTS } from "../../packages/cli/src/capacity/plan-capacity.ts";

const LOAD: FleetLoad = {
  ...{ models: 200, features: 20, predictionsPerSecond: 20_000, exponent: 0 },
  ...{ keyedByModel: false, lateJudgements: 0 },
};

function run(load: Partial<FleetLoad> = {}, loss: ReplicaLoss | null = null, replicas = 2) {
  const fleet = { replicas, coresPerReplica: 4, partitions: 4 * replicas };
  return simulateFleet({ load: { ...LOAD, ...load }, fleet, loss }, createSeededRandom("test"));
}

test("the fleet uses the CPU that the arithmetic of tidemark capacity gives", () => {
  const readingCores = (20_000 * (COSTS.ingestMicros.prediction + 20 * COSTS.ingestMicros.feature)) / 1e6;
  // Each value by its day and by its week; each window a fixed part, eight a model.
  const judgingCores =
    (2 * 20_000 * 20 * COSTS.windowMicrosPerValue) / 1e6 + (200 * 8 * (COSTS.windowMillis / 1e3)) / (7 * 86_400);
  const want = (readingCores + judgingCores) / 8;
  const { meanUtilisation } = run();
  assert.ok(Math.abs(meanUtilisation / want - 1) < 0.001, `${meanUtilisation} for ${want}`);
});

test("without a loss records are durable with their commit; a lost replica's wait for the session to end", () => {
  assert.equal(run().ingestLag.quantile(1), 0.2);
  const { ingestLag } = run({}, { atSeconds: 3_600, backAfterSeconds: 3_600 });
  assert.equal(ingestLag.quantile(0.99), 0.2);
  // 31 s, seen at the end of a step of 10 s.
  assert.ok(ingestLag.quantile(1) >= 31 && ingestLag.quantile(1) <= 51, String(ingestLag.quantile(1)));
});

test("a loss and late outcomes make verdicts later, never earlier, and none is lost", () => {
  const undisturbed = run();
  const lost = run({}, { atSeconds: 600, backAfterSeconds: 36_000 });
  const late = run({ lateJudgements: 2 });
  for (const { verdictLag } of [lost, late]) {
    assert.ok(Number.isFinite(verdictLag.quantile(1)));
    assert.ok(verdictLag.quantile(0.99) > undisturbed.verdictLag.quantile(0.99));
  }
  assert.ok(late.meanUtilisation > undisturbed.meanUtilisation);
});

test("a model that is more than a replica's work is never judged in time, and shows as a utilisation above 1", () => {
  const { busiestUtilisation, verdictLag } = run({ predictionsPerSecond: 100_000, exponent: 1.5, models: 50 });
  assert.ok(busiestUtilisation > 1);
  assert.equal(verdictLag.quantile(1), Number.POSITIVE_INFINITY);
});

test("Zipf's first of 10,000 has a tenth, and quantiles go by weight", () => {
  assert.ok(Math.abs(zipfShares(10_000, 1)[0]! - 0.1022) < 1e-4);
  const values = createWeightedValues();
  values.add(5, 1);
  values.add(1, 3);
  assert.deepEqual([values.quantile(0.75), values.quantile(0.76), values.quantile(1)], [1, 5, 5]);
});
