import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { wassersteinFromBins } from "@tidemark/stats";
import fc from "fast-check";
import { countBins, type RawSamples, rawDifferences, rawSamples } from "./raw-samples.ts";

const ROUNDING = 1e-12;

function rawWasserstein(samples: RawSamples): number {
  const steps = rawDifferences(samples);
  return steps.reduce((sum, { at, difference }, i) => sum + Math.abs(difference) * ((steps[i + 1]?.at ?? at) - at), 0);
}

function boundsOf(samples: RawSamples, min: number, max: number) {
  const { boundaries } = samples;
  const window = countBins(samples.window, boundaries);
  const reference = countBins(samples.reference, boundaries);
  return { window, reference, ...wassersteinFromBins({ boundaries, window, reference, min, max }) };
}

describe("wassersteinFromBins", () => {
  it("bounds the distance of the raw values where the support is known", () => {
    fc.assert(
      fc.property(rawSamples, (samples) => {
        const { value, lower, upper } = boundsOf(samples, -6, 6);
        const truth = rawWasserstein(samples);
        assert.ok(lower <= truth + ROUNDING && truth <= upper! + ROUNDING, `${lower} ${truth} ${upper}`);
        assert.ok(lower <= value && value <= upper!);
      }),
    );
  });

  it("gives no upper bound where an open bin holds rows, and a lower one always", () => {
    fc.assert(
      fc.property(rawSamples, (samples) => {
        const { window, reference, lower, value, upper } = boundsOf(samples, -Infinity, Infinity);
        const last = window.length - 1;
        const open = window[0]! + window[last]! + reference[0]! + reference[last]! > 0;
        assert.equal(upper === null, open);
        assert.ok(lower <= rawWasserstein(samples) + ROUNDING);
        assert.ok(lower <= value && Number.isFinite(value));
      }),
    );
  });

  it("trusts a minimum above the first boundary no further than it reaches", () => {
    const samples = { boundaries: [0, 10], window: [1, 3, 0], reference: [0, 4, 0] };
    assert.equal(wassersteinFromBins({ ...samples, min: 1, max: 10 }).upper, null);
    assert.equal(wassersteinFromBins({ ...samples, min: -4, max: 10 }).upper, 4 * 0.25 + 10);
  });

  it("measures a shift by whole bins as its length", () => {
    const boundaries = [0, 1, 2, 3, 4];
    const bounds = wassersteinFromBins({
      boundaries,
      window: [0, 0, 0, 1, 0, 0],
      reference: [0, 1, 0, 0, 0, 0],
      min: 0,
      max: 4,
    });
    assert.equal(bounds.value, 2);
    assert.deepEqual([bounds.lower, bounds.upper], [1, 3]);
  });

  it("measures one bin over a known support", () => {
    const bounds = wassersteinFromBins({ boundaries: [], window: [2], reference: [5], min: -1, max: 2 });
    assert.deepEqual(bounds, { value: 0, lower: 0, upper: 3 });
    const open = wassersteinFromBins({ boundaries: [], window: [2], reference: [5], min: -Infinity, max: 2 });
    assert.deepEqual(open, { value: 0, lower: 0, upper: null });
  });

  it("names what does not fit", () => {
    const samples = { boundaries: [0, Infinity], window: [1, 0, 0], reference: [1, 0, 0] };
    assert.throws(() => wassersteinFromBins({ ...samples, min: 0, max: 1 }), /boundaries holds an infinite one/);
    assert.throws(() => wassersteinFromBins({ ...samples, boundaries: [0, 1], min: 2, max: 1 }), /min is 2, max is 1/);
  });
});
