import assert from "node:assert/strict";
import { test } from "node:test";
import { COSTS, planCapacity, type Workload } from "../../src/capacity/plan-capacity.ts";

const small: Workload = {
  models: 1,
  features: 20,
  predictionsPerSecond: 100,
  labelDelayDays: null,
  retentionDays: 100,
};

test("storing grows with the rate, judging with models, rows and labels", () => {
  const plan = planCapacity(small);
  const micros = COSTS.ingestMicros.prediction + 20 * COSTS.ingestMicros.feature;
  assert.ok(Math.abs(plan.ingestCores - (100 * micros) / 1e6) < 1e-12);
  assert.equal(plan.fitsOneProcessor, true);
  assert.equal(planCapacity({ ...small, predictionsPerSecond: 200 }).ingestCores, 2 * plan.ingestCores);
  assert.ok(planCapacity({ ...small, models: 1_000 }).judgingCores > plan.judgingCores);
  assert.equal(planCapacity({ ...small, models: 1_000 }).ingestCores, plan.ingestCores);
  const labelled = planCapacity({ ...small, labelDelayDays: 7 });
  assert.ok(Math.abs(labelled.judgingCores - 3 * plan.judgingCores) < 1e-12);
  assert.ok(labelled.diskBytes > plan.diskBytes);
});

test("disk is what the retention and the wait for labels keep", () => {
  const { diskBytes, diskBytesPerDay } = planCapacity({ ...small, labelDelayDays: 50 });
  assert.ok(Math.abs(diskBytes / diskBytesPerDay - 150) < 1e-9);
});

test("a million predictions a second are beyond one processor", () => {
  const plan = planCapacity({ ...small, models: 10_000, predictionsPerSecond: 1_000_000 });
  assert.equal(plan.fitsOneProcessor, false);
  assert.ok(plan.replicas > 10 && plan.cores >= plan.ingestCores + plan.judgingCores);
});

test("what is no workload is refused by name", () => {
  for (const wrong of [
    { models: 0 },
    { features: Number.NaN },
    { predictionsPerSecond: -1 },
    { retentionDays: Infinity },
  ]) {
    assert.throws(() => planCapacity({ ...small, ...wrong }), {
      name: "RangeError",
      message: /expected a number above 0/,
    });
  }
});
