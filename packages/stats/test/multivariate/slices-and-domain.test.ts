import assert from "node:assert/strict";
import { test } from "node:test";
import {
  codeCount,
  countSlices,
  domainDrift,
  EDetector,
  encodeFeature,
  fitRandomSlices,
  judgeSlices,
  learnFeatureCodes,
  meanLogEvidence,
} from "@tidemark/stats";
import { seededNormal } from "../random-rows.ts";

/** Three standard normal features, the first two with a correlation. */
function rowsOf(normal: () => number, count: number, correlation: number): number[][] {
  return Array.from({ length: count }, () => {
    const [x, z] = [normal(), normal()];
    return [x, correlation * x + Math.sqrt(1 - correlation ** 2) * z, normal()];
  });
}

test("slices stay quiet on stable windows and find a correlation that breaks while no feature changes", () => {
  const normal = seededNormal(21);
  const slices = fitRandomSlices(rowsOf(normal, 10_000, 0.8));
  const states = Array.from(
    { length: 40 },
    () => judgeSlices(slices, countSlices(slices, rowsOf(normal, 500, 0.8))).state,
  );
  assert.deepEqual(new Set(states), new Set(["ok"]));
  const found = judgeSlices(slices, countSlices(slices, rowsOf(normal, 500, 0.3)));
  assert.equal(found.state, "critical");
  const direction = slices.slices[found.strongest]!.direction;
  assert.ok(Math.abs(direction[0]!) > 0.5 && Math.abs(direction[1]!) > 0.5, `${direction}`);
});

test("counts of parts add up to the counts of all rows, to the bit", () => {
  const normal = seededNormal(22);
  const slices = fitRandomSlices(rowsOf(normal, 500, 0), { slices: 6, bins: 8 });
  const rows = rowsOf(normal, 300, 0);
  const [whole, left, right] = [rows, rows.slice(0, 100), rows.slice(100)].map((part) => countSlices(slices, part));
  assert.deepEqual(
    whole,
    left!.map((counts, i) => counts.map((count, bin) => count + right![i]![bin]!)),
  );
});

test("slices can be judged online: the mean of their e-detectors is quiet, then finds the broken correlation", () => {
  const normal = seededNormal(23);
  const slices = fitRandomSlices(rowsOf(normal, 20_000, 0.8), { slices: 12 });
  const detectors = slices.slices.map(
    ({ reference }) =>
      new EDetector({
        references: [reference],
        alarmLooks: 100_000,
        initialVariance: [1, 1],
        warmupLooks: 0,
        learn: true,
      }),
  );
  const look = (correlation: number) => {
    const counts = countSlices(slices, rowsOf(normal, 30, correlation));
    return meanLogEvidence(detectors.map((detector, i) => detector.look(counts[i]!, 0).logEvidence));
  };
  for (let i = 0; i < 100; i++) assert.ok(look(0.8) < Math.log(100_000));
  let looks = 0;
  while (look(0.3) < Math.log(100_000)) assert.ok(++looks < 30, "not found within 900 rows");
});

test("the same seed gives the same directions, another one others, all of length 1", () => {
  const rows = rowsOf(seededNormal(24), 300, 0);
  const directions = (seed: number) => fitRandomSlices(rows, { seed }).slices.map(({ direction }) => [...direction]);
  assert.deepEqual(directions(3), directions(3));
  assert.notDeepEqual(directions(3), directions(4));
  for (const direction of directions(3)) assert.ok(Math.abs(Math.hypot(...direction) - 1) < 1e-12);
});

test("the domain classifier rejects 5 % of stable pairs at 5 %, and finds a shift of one feature", () => {
  const normal = seededNormal(25);
  const pair = (shift: number) => {
    const draw = (by: number) => [0, 1].map((j) => Array.from({ length: 400 }, () => normal() + (j === 0 ? by : 0)));
    const [reference, window] = [draw(0), draw(shift)];
    const features = reference.map((column) => learnFeatureCodes(column, 8, 40));
    const coded = (columns: number[][]) => {
      const encoded = columns.map((column, j) => encodeFeature(features[j]!, column));
      return { codes: encoded[0]!.map((_, i) => encoded.map((codes) => codes[i]!)), sizes: features.map(codeCount) };
    };
    return domainDrift(coded(reference), coded(window));
  };
  let rejected = 0;
  for (let round = 0; round < 200; round++) if (pair(0).pValue <= 0.05) rejected += 1;
  // Four standard errors of a share of 0.05 in 200 rounds are 0.062.
  assert.ok(rejected / 200 <= 0.05 + 0.062, `${rejected} of 200`);
  const { auc, pValue } = pair(0.7);
  assert.ok(auc > 0.6 && pValue < 1e-4, `${auc} ${pValue}`);
});

test("what does not fit is refused by name", () => {
  const rows = rowsOf(seededNormal(26), 300, 0);
  const slices = fitRandomSlices(rows, { slices: 2 });
  assert.throws(() => fitRandomSlices(rows.slice(0, 100)), /reference has 100 rows/);
  assert.throws(() => fitRandomSlices(rows, { slices: 0 }), /slices is 0/);
  assert.throws(() => fitRandomSlices(rows, { seed: -1 }), /seed is -1/);
  assert.throws(() => countSlices(slices, [[1, 2]]), /rows\[0\] has 2 features; expected 3/);
  assert.throws(() => judgeSlices(slices, [[]]), /counts has 1 slices; expected 2/);
  const counts = countSlices(slices, rows);
  assert.throws(() => judgeSlices(slices, [counts[0]!, counts[1]!.map((c) => 2 * c)]), /counts\[1\] sums to 600/);
  const few = { codes: [[0], [0], [0]], sizes: [1] };
  assert.throws(() => domainDrift(few, few), /reference has 3 rows/);
  assert.throws(() => meanLogEvidence([]), /logEvidences is empty/);
  assert.throws(() => meanLogEvidence([0, Number.NaN]), /logEvidences\[1\] is NaN/);
});
