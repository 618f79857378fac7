import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { createDetectionReference } from "@tidemark/stats";
import { clusterExponents } from "../../src/detection/cluster-exponents.ts";
import { seededRandom } from "./random.ts";

const reference = createDetectionReference(new Array(20).fill(1_000), "numeric");

/** Mean of exp of a cluster's evidence over T, for geometric clusters of equal values. */
function meanEvidence(m: number, divisor: number, variance: number): number {
  const { count, logRatios } = reference.alternatives;
  const q = 2 / (variance + 1);
  return reference.probabilities.reduce((sum, p, bin) => {
    const x = Math.exp(logRatios[bin * count + m]! / divisor);
    return sum + ((1 - q) * x < 1 ? (p * q * x) / (1 - (1 - q) * x) : Number.POSITIVE_INFINITY);
  }, 0);
}

describe("clusterExponents", () => {
  it("leaves independent rows and alternatives close to the reference as they are", () => {
    assert.ok(clusterExponents(reference, [1, 1]).every((factor) => factor === 1));
    const factors = clusterExponents(reference, [4, 4]);
    assert.ok(factors[0]! < 1.1, `shift of 0.1 sd: ${factors[0]}`);
    assert.ok(Math.max(...factors) > 1.2, `far alternatives: ${Math.max(...factors)}`);
  });

  it("keeps the mean of every alternative's likelihood ratio at 1 or less at the inflations it tabulates", () => {
    for (const variance of [2, 8, 20]) {
      const factors = clusterExponents(reference, [variance, variance]);
      for (let m = 0; m < reference.alternatives.count; m++) {
        const mean = meanEvidence(m, variance * factors[m]!, variance);
        assert.ok(mean <= 1 + 1e-9, `alternative ${m}, V ${variance}: ${mean}`);
      }
    }
  });

  it("agrees with clusters that were drawn", () => {
    const random = seededRandom(5);
    const { count, logRatios } = reference.alternatives;
    const far = count - 1;
    const divisor = 19 * clusterExponents(reference, [19, 19])[far]!;
    let sum = 0;
    const clusters = 200_000;
    for (let i = 0; i < clusters; i++) {
      const bin = Math.floor(random() * reference.binCount);
      const rows = 1 + Math.floor(Math.log(1 - random()) / Math.log(0.9));
      sum += Math.exp((rows * logRatios[bin * count + far]!) / divisor);
    }
    assert.ok(Math.abs(sum / clusters - 1) < 0.03, `${sum / clusters}`);
  });
});
