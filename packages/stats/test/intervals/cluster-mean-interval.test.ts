import assert from "node:assert/strict";
import { test } from "node:test";
import { clusterMeanInterval } from "../../src/index.ts";
import { seededUniform } from "../random-rows.ts";

test("single observations as clusters give Student's interval", () => {
  const found = clusterMeanInterval([1, 2, 3, 4, 5].map((sum) => ({ count: 1, sum })))!;
  assert.equal(found.mean, 3);
  // R: t.test(1:5)$conf.int
  assert.ok(Math.abs(found.lower! - 1.036757) < 1e-6);
  assert.ok(Math.abs(found.upper! - 4.963243) < 1e-6);
});

test("empty clusters are none, few have no interval, no observation has no mean", () => {
  const found = clusterMeanInterval([
    { count: 2, sum: 2 },
    { count: 0, sum: 0 },
    { count: 1, sum: 4 },
  ])!;
  assert.deepEqual(found, { mean: 2, lower: null, upper: null, clusters: 2 });
  assert.equal(clusterMeanInterval([{ count: 0, sum: 0 }]), null);
});

test("rows that share their cluster's luck: the interval covers the mean in about 95 of 100 runs, where independent rows would not", () => {
  const random = seededUniform(7);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  let covered = 0;
  const runs = 600;
  for (let run = 0; run < runs; run++) {
    const clusters = Array.from({ length: 24 }, () => {
      const luck = normal();
      const count = 20 + Math.floor(40 * random());
      let sum = 0;
      for (let row = 0; row < count; row++) sum += luck + normal();
      return { count, sum };
    });
    const { lower, upper } = clusterMeanInterval(clusters)!;
    if (lower! <= 0 && upper! >= 0) covered++;
  }
  // 95 % less and more three standard errors of 600 runs.
  assert.ok(covered / runs > 0.923 && covered / runs < 0.977, `${covered} of ${runs}`);
});
