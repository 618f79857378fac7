import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { createDetectionReference, probeValues } from "@tidemark/stats";
import { assertClose, readVectors } from "./vectors.ts";

describe("createDetectionReference", () => {
  readVectors().profiles.forEach((profile, index) => {
    it(`gives the specification's tables for reference ${index}, ${profile.kind}`, () => {
      const reference = createDetectionReference(profile.reference_counts, profile.kind);
      const { count, weights, logRatios } = reference.alternatives;
      const logRatioOf = (alternative: number) => profile.p.map((_, bin) => logRatios[bin * count + alternative]!);
      assertClose(Array.from(reference.probabilities), profile.p, "p");
      assert.equal(count, profile.alternatives);
      assertClose([weights[0], weights[count - 1]], profile.weights_first_last, "weights");
      assertClose(logRatioOf(0), profile.log_ratio_first, "first log ratio");
      assertClose(logRatioOf(count - 1), profile.log_ratio_last, "last log ratio");
      assertClose(
        logRatios.reduce((sum, value) => sum + value, 0),
        profile.log_ratio_sum,
        "sum of log ratios",
      );
      assertClose(
        probeValues(reference).map((probe) => Array.from(probe)),
        profile.probes,
        "probes",
      );
    });
  });

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
