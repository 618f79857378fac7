import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { createHarness, FLIGHTS, GOOD_INPUTS, type Point, pointValue } from "../harness.ts";

/** A clock that stands where it is put. */
function createClock(nowMs: number) {
  const clock = { nowMs, now: () => clock.nowMs };
  return clock;
}

const timesOf = (points: readonly Point[]) => {
  const { startTime, endTime } = points.find(({ metric }) => metric === "ml.inference.predictions")!;
  return [startTime, endTime];
};

describe("live collection", () => {
  it("gives cumulative points from the start to now, whenever and however often it happens", async () => {
    const clock = createClock(1_000);
    const { tidemark, points } = createHarness({ now: clock.now });
    const model = tidemark.describeModel(FLIGHTS);
    for (const [nowMs, want] of [
      [61_500, 1],
      [121_500, 2],
    ] as const) {
      model.record({ inputs: GOOD_INPUTS });
      clock.nowMs = nowMs;
      const collected = await points();
      assert.equal(pointValue(collected, "ml.inference.predictions"), want);
      assert.deepEqual(timesOf(collected), [
        [1, 0],
        [Math.floor(nowMs / 1_000), 500_000_000],
      ]);
    }
  });

  it("gives delta points that join without gap or overlap", async () => {
    const clock = createClock(0);
    const { tidemark, points } = createHarness({ now: clock.now, temporality: "delta" });
    const model = tidemark.describeModel(FLIGHTS);
    for (const second of [1, 2, 3]) {
      model.record({ inputs: GOOD_INPUTS });
      clock.nowMs = second * 1_000;
      const collected = await points();
      assert.equal(pointValue(collected, "ml.inference.predictions"), 1);
      assert.deepEqual(pointValue(collected, "ml.feature.value"), {
        buckets: { boundaries: [100, 500, 1000], counts: [0, 0, 1, 0] },
        count: 1,
        sum: 700,
      });
      assert.deepEqual(timesOf(collected), [
        [second - 1, 0],
        [second, 0],
      ]);
    }
  });

  it("never gives a point that ends before the last one when the clock is set back", async () => {
    const clock = createClock(10_000);
    const { tidemark, points } = createHarness({ now: clock.now });
    tidemark.describeModel(FLIGHTS).record({ inputs: GOOD_INPUTS });
    const [, first] = timesOf(await points());
    clock.nowMs = 5_000;
    const [start, second] = timesOf(await points());
    assert.deepEqual(start, [10, 0]);
    assert.ok(second![0] > first![0] || (second![0] === first![0] && second![1] > first![1]));
  });

  it("goes on from the right time when a clock that was a year ahead is put right, in both temporalities", async () => {
    const yearMs = 365 * 86_400_000;
    for (const temporality of ["cumulative", "delta"] as const) {
      const clock = createClock(10_000 + yearMs);
      const { tidemark, points } = createHarness({ now: clock.now, temporality });
      const model = tidemark.describeModel(FLIGHTS);
      model.record({ inputs: GOOD_INPUTS });
      await points();
      const stamps = [];
      for (const nowMs of [60_000, 120_000, 180_000]) {
        clock.nowMs = nowMs;
        model.record({ inputs: GOOD_INPUTS });
        stamps.push(timesOf(await points()).map((time) => time[0]));
      }
      const starts = temporality === "delta" ? [60, 60, 120] : [60, 60, 60];
      assert.deepEqual(
        stamps,
        [60, 120, 180].map((end, index) => [starts[index], end]),
      );
    }
  });

  it("reports the process's CPU time and memory", async () => {
    const { points } = createHarness();
    const collected = await points();
    assert.ok((pointValue(collected, "process.cpu.time") as number) >= 0);
    assert.ok((pointValue(collected, "process.memory.usage") as number) > 1e7);
  });

  it("gives nothing of minimum and maximum, which would be raw values", async () => {
    const { tidemark, points } = createHarness();
    tidemark.describeModel(FLIGHTS).record({ inputs: { distance: 123.456, origin: "ATL" } });
    const value = pointValue(await points(), "ml.feature.value") as object;
    assert.deepEqual(Object.keys(value).sort(), ["buckets", "count", "sum"]);
  });
});
