import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { createVarianceLadder } from "@tidemark/stats";
import { normalFrom, seededRandom } from "./random.ts";

/** Mean over ten seeds of the inflation learned from 8,000 rows whose first probe is an AR(1) series of unit variance. */
function learn(correlation: number, jumpAt = Infinity): [number, number] {
  const mean: [number, number] = [0, 0];
  for (let seed = 0; seed < 10; seed++) {
    const normal = normalFrom(seededRandom(seed));
    const ladder = createVarianceLadder(2);
    let level = 0;
    for (let row = 0; row < 8_000; row++) {
      level = correlation * level + Math.sqrt(1 - correlation ** 2) * normal();
      ladder.push([level + (row >= jumpAt ? 3 : 0), normal()], 1);
    }
    ladder.estimate([1, 1], "numeric").forEach((inflation, probe) => {
      mean[probe]! += inflation / 10;
    });
  }
  return mean;
}

describe("createVarianceLadder", () => {
  it("learns nearly no inflation from independent rows", () => {
    assert.ok(learn(0).every((inflation) => inflation >= 1 && inflation < 1.2));
  });

  it("learns the inflation of autocorrelated rows, (1 + r) / (1 - r), for the probe that has it", () => {
    const [location, scale] = learn(0.6);
    assert.ok(location > 3 && location < 5, `${location}`);
    assert.ok(scale < 1.2, `${scale}`);
  });

  it("takes a single jump for a jump and not for autocorrelation", () => {
    assert.ok(learn(0, 4_000)[0] < 1.6);
  });

  it("never gives less than what was known at the start", () => {
    assert.deepEqual(createVarianceLadder(2).estimate([4, 2], "numeric"), [4, 2]);
  });

  it("shares one inflation between the probes of categories", () => {
    const ladder = createVarianceLadder(3, { kind: "categorical" });
    const normal = normalFrom(seededRandom(3));
    for (let look = 0; look < 500; look++) ladder.push([2 * normal(), 2 * normal(), 2 * normal()], 1);
    const [location, scale] = ladder.estimate([1, 1], "categorical");
    assert.equal(location, scale);
    assert.ok(location > 2.5 && location < 5);
  });

  it("tells independent reference rows from dependent ones", () => {
    const dependenceOf = (seed: number, correlation: number) => {
      const normal = normalFrom(seededRandom(seed));
      const ladder = createVarianceLadder(2, { bounded: false });
      let level = normal();
      for (let row = 0; row < 1_000; row++) {
        level = correlation * level + Math.sqrt(1 - correlation ** 2) * normal();
        ladder.push([level, normal()], 1);
      }
      return ladder.dependence("numeric");
    };
    let independent = 0;
    for (let seed = 0; seed < 200; seed++) {
      const { variance, rowsPerIndependent } = dependenceOf(100 + seed, 0);
      if (variance[0] === 1 && variance[1] === 1 && rowsPerIndependent === 1) independent += 1;
      const dependent = dependenceOf(100 + seed, 0.6);
      assert.ok(dependent.variance[0] > 1.5, `seed ${seed}: ${dependent.variance}`);
      assert.ok(dependent.rowsPerIndependent > dependent.variance[0], `seed ${seed}: ${dependent.rowsPerIndependent}`);
    }
    assert.ok(independent >= 190, `${independent} of 200 independent references look so`);
  });

  it("ignores empty looks", () => {
    const [plain, padded] = [createVarianceLadder(1), createVarianceLadder(1)];
    for (let look = 0; look < 100; look++) {
      plain.push([look % 3], 2);
      padded.push([look % 3], 2);
      padded.push([0], 0);
    }
    assert.deepEqual(padded.snapshot(), plain.snapshot());
  });

  it("goes on from a snapshot to the bit", () => {
    const normal = normalFrom(seededRandom(11));
    const whole = createVarianceLadder(2);
    let broken = createVarianceLadder(2);
    for (let look = 0; look < 700; look++) {
      const sums = [normal(), 2 * normal()];
      whole.push(sums, 1 + (look % 4));
      broken.push(sums, 1 + (look % 4));
      if (look % 50 === 0) broken = createVarianceLadder(2, { state: JSON.parse(JSON.stringify(broken.snapshot())) });
    }
    assert.deepEqual(broken.snapshot(), whole.snapshot());
  });

  it("names the number of probes that does not fit", () => {
    assert.throws(() => createVarianceLadder(0), /probes is 0/);
    const state = createVarianceLadder(2).snapshot();
    assert.throws(() => createVarianceLadder(3, { state }), /state is not that of 3 probes/);
  });
});
