import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { createDetectionReference } from "@tidemark/stats";

describe("createDetectionReference", () => {
  for (const kind of ["numeric", "categorical"] as const) {
    it(`makes every ${kind} likelihood ratio 1 on average under the reference, and the weights sum to 1`, () => {
      const reference = createDetectionReference([120, 40, 300, 15, 77], kind);
      const { count, weights, ratios, omnibusWeight } = reference.alternatives;
      for (let m = 0; m < count; m++) {
        const mean = reference.probabilities.reduce((sum, p, bin) => sum + p * ratios[bin * count + m]!, 0);
        assert.ok(Math.abs(mean - 1) < 1e-12, `alternative ${m} has mean ${mean}`);
      }
      const total = weights.reduce((sum, weight) => sum + weight, omnibusWeight);
      assert.ok(Math.abs(total - 1) < 1e-12);
    });
  }

  it("gives finite tables for a single bin, two bins, and bins without a row", () => {
    for (const counts of [[1000], [999, 1], [0, 500, 0], [0, 0]]) {
      for (const kind of ["numeric", "categorical"] as const) {
        const reference = createDetectionReference(counts, kind);
        const values = [...reference.alternatives.logRatios, ...reference.probes.flatMap((probe) => [...probe])];
        assert.ok(values.every(Number.isFinite), `${kind} ${counts}`);
      }
    }
  });

  it("names the count that is no count", () => {
    assert.throws(() => createDetectionReference([], "numeric"), /referenceCounts is empty/);
    assert.throws(() => createDetectionReference([3, -1], "numeric"), /referenceCounts\[1\] is -1/);
    assert.throws(() => createDetectionReference([Number.NaN], "categorical"), /referenceCounts\[0\] is NaN/);
  });
});
