import assert from "node:assert/strict";
import { test } from "node:test";
import { fitPcaReconstruction, reconstructionErrors } from "@tidemark/stats";
import { seededNormal } from "../random-rows.ts";

const REFERENCE = [
  [1, 2, 0.5],
  [2, 3.9, 1],
  [3, 6.1, -1],
  [4, 8, 0.3],
  [5, 9.7, 2],
  [6, 12.2, -2],
];

test("errors and explained share are those of numpy's singular value decomposition", () => {
  const model = fitPcaReconstruction(REFERENCE);
  const errors = reconstructionErrors(model, [
    [1, 12, 0.5],
    [3, 6, 0],
    [6, 2, 9],
  ]);
  [2.0849897445681767, 0.24473988789977358, 6.646832476444375].forEach((expected, i) => {
    assert.ok(Math.abs(errors[i]! - expected) < 1e-12, `${errors[i]}`);
  });
  assert.ok(Math.abs(model.explainedShare - 0.7269390300761722) < 1e-12);
});

test("the mean error rises where a correlation breaks while every feature keeps its distribution", () => {
  const normal = seededNormal(6);
  const draw = (correlated: boolean) =>
    Array.from({ length: 1_000 }, () => {
      const [x, z] = [normal(), normal()];
      return [x, correlated ? 0.95 * x + Math.sqrt(1 - 0.95 ** 2) * z : z, normal()];
    });
  const model = fitPcaReconstruction(draw(true));
  const mean = (rows: number[][]) => reconstructionErrors(model, rows).reduce((sum, e) => sum + e, 0) / rows.length;
  const [stable, broken] = [mean(draw(true)), mean(draw(false))];
  assert.ok(broken > 1.5 * stable, `${stable} ${broken}`);
});

test("a missing value takes the mean, a constant feature adds nothing", () => {
  const model = fitPcaReconstruction(REFERENCE.map((row) => [...row, 7]));
  assert.deepEqual(reconstructionErrors(model, [[Number.NaN, Number.NaN, Number.NaN, Number.NaN]]), Float64Array.of(0));
  const [error] = reconstructionErrors(model, [[3.5, 41.9 / 6, 0.8 / 6, 9]]);
  assert.ok(Math.abs(error! - 2) < 1e-9, "means, and 2 away from the constant, in its own unit");
});

test("what cannot be fitted or scored is refused by name", () => {
  assert.throws(() => fitPcaReconstruction([[1]]), /reference has 1 rows/);
  assert.throws(() => fitPcaReconstruction([[], []]), /reference\[0\] has no features/);
  assert.throws(() => fitPcaReconstruction([[1, 2], [1]]), /reference\[1\] has 1 features; expected 2/);
  assert.throws(() => fitPcaReconstruction([[1], [Number.POSITIVE_INFINITY]]), /reference\[1\]\[0\] is Infinity/);
  assert.throws(() => fitPcaReconstruction([[1e308], [-1e308]]), /feature 0 too large/);
  assert.throws(() => fitPcaReconstruction([[Number.NaN], [Number.NaN]]), /no value of feature 0/);
  assert.throws(() => fitPcaReconstruction([[3], [3]]), /no feature that varies/);
  assert.throws(() => fitPcaReconstruction(REFERENCE, 1), /explainedShare is 1/);
  assert.throws(() => reconstructionErrors(fitPcaReconstruction(REFERENCE), [[1]]), /rows\[0\] has 1 features/);
});
