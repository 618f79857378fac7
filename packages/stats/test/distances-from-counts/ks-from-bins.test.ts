import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { ksFromBins } from "@tidemark/stats";
import fc from "fast-check";
import { countBins, rawDifferences, rawSamples } from "./raw-samples.ts";

const ROUNDING = 1e-12;

describe("ksFromBins", () => {
  it("bounds the statistic of the raw values", () => {
    fc.assert(
      fc.property(rawSamples, (samples) => {
        const { boundaries } = samples;
        const window = countBins(samples.window, boundaries);
        const reference = countBins(samples.reference, boundaries);
        const truth = Math.max(...rawDifferences(samples).map(({ difference }) => Math.abs(difference)));
        const { value, lower, upper } = ksFromBins({ boundaries, window, reference });
        assert.ok(lower <= truth + ROUNDING && truth <= upper + ROUNDING, `${lower} ${truth} ${upper}`);
        assert.ok(lower <= value && value <= upper && upper <= 1);
      }),
    );
  });

  it("reaches its upper bound where the raw values lie as badly as they can", () => {
    const bounds = ksFromBins({ boundaries: [0, 1], window: [1, 2, 1], reference: [1, 2, 1] });
    assert.deepEqual(bounds, { value: 0, lower: 0, upper: 0.5 });
  });

  it("is exact where no bin holds rows of both sides", () => {
    const bounds = ksFromBins({ boundaries: [0, 1], window: [3, 0, 1], reference: [0, 2, 0] });
    assert.deepEqual(bounds, { value: 0.75, lower: 0.75, upper: 0.75 });
  });

  it("names what does not fit", () => {
    assert.throws(() => ksFromBins({ boundaries: [0], window: [1], reference: [1] }), /1 boundaries need one more/);
    assert.throws(
      () => ksFromBins({ boundaries: [1, 1], window: [1, 0, 0], reference: [1, 0, 0] }),
      /boundaries\[1\] is 1/,
    );
    assert.throws(() => ksFromBins({ boundaries: [1], window: [0, 0], reference: [1, 0] }), /window sums to 0/);
  });
});
