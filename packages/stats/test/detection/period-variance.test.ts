import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { type PeriodSums, periodVariance } from "@tidemark/stats";
import { normalFrom, seededRandom } from "./random.ts";

const ROWS = 1_000;

/** Means of periods with a noise of their own, each less the mean of all, as slots made of them follow them. */
function drawPeriods(seed: number, count: number, noise: number): PeriodSums[] {
  const normal = normalFrom(seededRandom(seed));
  const draw = () => Array.from({ length: count }, () => noise * normal() + normal() / Math.sqrt(ROWS));
  const [location, scale] = [draw(), draw()].map((means) => {
    const middle = means.reduce((sum, mean) => sum + mean, 0) / count;
    return means.map((mean) => mean - middle);
  });
  return location!.map((mean, i) => ({ sums: [ROWS * mean, ROWS * scale![i]!], rows: ROWS }));
}

describe("periodVariance", () => {
  it("is 0 where periods differ by chance alone", () => {
    let none = 0;
    for (let seed = 0; seed < 300; seed++) {
      const [location, scale] = periodVariance(drawPeriods(seed, 4, 0), "numeric", 4);
      if (location === 0 && scale === 0) none += 1;
    }
    assert.ok(none >= 296, `${none} of 300`);
  });

  it("is an upper limit that holds the variance between periods at about its level, also from four weeks", () => {
    for (const count of [4, 28]) {
      let covered = 0;
      let sum = 0;
      for (let seed = 0; seed < 300; seed++) {
        const [location] = periodVariance(drawPeriods(1_000 + seed, count, 0.3), "numeric", count);
        if (location >= 0.09) covered += 1;
        sum += location / 300;
      }
      assert.ok(covered >= 225 && covered < 300, `${count} periods: ${covered} of 300 cover`);
      assert.ok(sum < (count === 4 ? 5 : 1.6) * 0.09, `${count} periods: mean ${sum}`);
    }
  });

  it("gives the scale at least a quarter of the location's variance, since a level moves both", () => {
    const sums = [-3, -1, 1, 3].map((mean) => ({ sums: [ROWS * mean, 0], rows: ROWS }));
    const [location, scale] = periodVariance(sums, "numeric", 4);
    assert.ok(location > 1);
    assert.equal(scale, location / 4);
  });

  it("leaves out periods that an end of the data cut off, and shares one variance between categories", () => {
    const periods = drawPeriods(5, 8, 0.3);
    const cut: PeriodSums = { sums: [500, 0], rows: 100 };
    assert.deepEqual(periodVariance([...periods, cut], "numeric", 4), periodVariance(periods, "numeric", 4));
    const [location, scale] = periodVariance(periods, "categorical", 4);
    assert.equal(location, scale);
    assert.deepEqual(periodVariance(periods.slice(0, 1), "numeric", 4), [0, 0]);
    assert.throws(() => periodVariance(periods, "numeric", 1), /seasons is 1/);
  });
});
