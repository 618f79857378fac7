import assert from "node:assert/strict";
import { test } from "node:test";
import { normalQuantile } from "../../src/distributions/normal-quantile.ts";
import { seededUniform } from "../../src/distributions/seeded-uniform.ts";
import { leadingComponents } from "../../src/multivariate/leading-components.ts";
import { fitPcaReconstruction } from "../../src/multivariate/pca-reconstruction.ts";

const DIMENSION = 12;
const ROWS = 600;

/** Three directions that carry much, the rest noise. */
function someRows(): { rows: Float32Array; center: Float64Array } {
  const uniform = seededUniform(5);
  const normal = () => normalQuantile(uniform());
  const mixing = Array.from({ length: 3 }, () => Float64Array.from({ length: DIMENSION }, normal));
  const rows = new Float32Array(ROWS * DIMENSION);
  for (let row = 0; row < ROWS; row++) {
    const factors = [3 * normal(), 2 * normal(), normal()];
    for (let j = 0; j < DIMENSION; j++) {
      rows[row * DIMENSION + j] = 5 + 0.2 * normal() + factors.reduce((sum, f, k) => sum + f * mixing[k]![j]!, 0);
    }
  }
  const center = new Float64Array(DIMENSION);
  for (let i = 0; i < rows.length; i++) center[i % DIMENSION]! += rows[i]! / ROWS;
  return { rows, center };
}

test("the leading components are those of the whole decomposition", () => {
  const { rows, center } = someRows();
  const { components, variances, totalVariance } = leadingComponents(rows, center, { components: 3 });
  const deviations = center.map((mean, j) => {
    let sum = 0;
    for (let row = 0; row < ROWS; row++) sum += (rows[row * DIMENSION + j]! - mean) ** 2;
    return Math.sqrt(sum / ROWS);
  });
  // On columns of one variance both decompose the same matrix.
  const scaled = rows.map((value, i) => (value - center[i % DIMENSION]!) / deviations[i % DIMENSION]!);
  const found = leadingComponents(scaled, new Float64Array(DIMENSION), { components: 3 });
  const whole = fitPcaReconstruction(
    Array.from({ length: ROWS }, (_, row) => [...rows.slice(row * DIMENSION, (row + 1) * DIMENSION)]),
    0.999,
  );
  found.components.forEach((component, k) => {
    const cosine = component.reduce((sum, value, j) => sum + value * whole.components[k]![j]!, 0);
    assert.ok(Math.abs(Math.abs(cosine) - 1) < 1e-6, `component ${k}: ${cosine}`);
  });
  assert.ok(Math.abs(found.totalVariance - DIMENSION) < 1e-4);
  assert.ok(variances[0]! > variances[1]! && variances[1]! > variances[2]!);
  assert.ok(variances.reduce((sum, value) => sum + value, 0) > 0.98 * totalVariance);
  components.forEach((own, i) => {
    components.forEach((other, k) => {
      const product = own.reduce((sum, value, j) => sum + value * other[j]!, 0);
      assert.ok(Math.abs(product - (i === k ? 1 : 0)) < 1e-9);
    });
  });
});

test("directions that do not vary are no components", () => {
  const rows = Float32Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? i : i % 3));
  const center = Float64Array.of(148.5, 1, 2);
  const { components } = leadingComponents(rows, center, { components: 2 });
  assert.equal(components.length, 1);
  assert.ok(Math.abs(components[0]![0]! - 1) < 1e-9);
});

test("rows that do not fill their dimensions, or too many components, are refused", () => {
  assert.throws(() => leadingComponents(new Float32Array(7), new Float64Array(2), { components: 1 }), RangeError);
  assert.throws(() => leadingComponents(new Float32Array(8), new Float64Array(2), { components: 3 }), RangeError);
});
