import assert from "node:assert/strict";
import { test } from "node:test";
import type { Profile } from "@tidemark/schema";
import { alarmBudgetLooks } from "@tidemark/stats";
import type { StreamLook } from "../../src/drift/stream-slots.ts";
import { JointStream, type JointStreamState, jointLooks, watchedPlaces } from "../../src/multivariate/joint-stream.ts";
import { createRandom } from "../support/random.ts";
import { drawRows, profileOf } from "../support/synthetic.ts";

const BINS = 20;
const DAY_MS = 86_400_000;
const HALF = Math.SQRT1_2;
const counted = (rows: number) => ({
  boundaries: Array.from({ length: BINS - 1 }, (_, at) => at),
  counts: new Array<number>(BINS).fill(rows / BINS),
  varianceInflation: { rows: [1, 1] as [number, number], slots: null },
});
const multivariate: NonNullable<Profile["multivariate"]> = {
  format: "tidemark.multivariate/2",
  features: ["distance", "air_time", "taxi"],
  scale: { means: [0, 0, 0], deviations: [1, 1, 1] },
  components: [[1, 0, 0]],
  explainedShare: 0.7,
  errors: { ...counted(10_000), mean: 1, standardDeviation: 1, fence: 9, beyond: 0 },
  slices: [
    { direction: [HALF, -HALF, 0], ...counted(10_000) },
    { direction: [0, HALF, HALF], ...counted(10_000) },
  ],
  correlations: [0.9, 0, 0],
  pairs: [],
};
const base = profileOf(drawRows(1, 400));
const profile = { ...base, source: { ...base.source, start: "2026-01-05T00:00:00.000Z" }, multivariate };
const alarmLooks = alarmBudgetLooks(4, 30);
const streamOf = (state?: JointStreamState, ignored: readonly string[] = []) =>
  new JointStream({ profile, ignored, alarmLooks, windowMs: DAY_MS, state });

/** Looks of a day; of the contrast, a part of the rows moves out to both ends. */
function days(seed: number, count: number, spread: number): StreamLook[][] {
  const random = createRandom(seed);
  const bin = (wide: boolean) => {
    const at = Math.floor(random() * BINS);
    return wide && random() < spread
      ? at < BINS / 2
        ? Math.floor(at / 2)
        : BINS - 1 - Math.floor((BINS - 1 - at) / 2)
      : at;
  };
  return Array.from({ length: count }, () => {
    const all = [0, 1, 2].map((slot) => {
      const counts = new Array<number>(BINS).fill(0);
      for (let row = 0; row < 200; row++) counts[bin(slot === 1)]! += 1;
      return counts;
    });
    return all.map((counts, slot) => ({ slot, counts }));
  });
}

test("a hundred stable days are ok; days that widen along one direction are critical in the end, and it is named", () => {
  const stable = streamOf();
  assert.deepEqual(new Set(days(2, 100, 0).map((looks) => stable.take(looks).state)), new Set(["ok"]));
  const widened = streamOf();
  const verdicts = days(3, 60, 0.3).map((looks) => widened.take(looks));
  assert.notEqual(verdicts[0]!.state, "critical");
  assert.equal(verdicts.at(-1)!.state, "critical");
  assert.equal(verdicts.at(-1)!.strongest, "along distance - air_time");
});

test("a stream goes on from its state, kept as JSON, to the bit", () => {
  const looks = days(4, 40, 0.1);
  const whole = streamOf();
  const expected = looks.map((each) => whole.take(each));
  const first = streamOf();
  for (const each of looks.slice(0, 17)) first.take(each);
  const second = streamOf(JSON.parse(JSON.stringify(first.snapshot())) as JointStreamState);
  assert.deepEqual(
    looks.slice(17).map((each) => second.take(each)),
    expected.slice(17),
  );
});

test("directions along a feature that is ignored, or that no record names, are not watched", () => {
  assert.deepEqual(watchedPlaces(multivariate, []), [0, 1, 2]);
  assert.deepEqual(watchedPlaces(multivariate, ["distance"]), [2]);
  const zeros = new Array<number>(BINS).fill(0);
  const counts = {
    rows: 1,
    slots: [],
    absent: ["taxi"],
    slices: [[...zeros], [...zeros]],
    correlations: [],
    correlationRows: [],
  };
  const looks = jointLooks(multivariate, {
    ...counts,
    errors: { counts: zeros, mean: 0, standardDeviation: 0, beyond: 0 },
  });
  assert.deepEqual(
    looks.map(({ slot }) => slot),
    [1],
  );
  const ignoring = streamOf(undefined, ["distance"]);
  for (const each of days(3, 60, 0.3)) ignoring.take(each);
  assert.equal(ignoring.take([]).state, "ok", "what changed is not looked along");
});
