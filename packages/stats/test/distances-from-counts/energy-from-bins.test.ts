import assert from "node:assert/strict";
import { test } from "node:test";
import { energyDistance, energyFromBins } from "@tidemark/stats";
import fc from "fast-check";
import { countBins, rawSamples } from "./raw-samples.ts";

const ROUNDING = 1e-7;

test("the bounds hold the energy distance of the raw values, where the support is known", () => {
  fc.assert(
    fc.property(rawSamples, ({ boundaries, window, reference }) => {
      const binned = { window: countBins(window, boundaries), reference: countBins(reference, boundaries) };
      const { value, lower, upper } = energyFromBins({ boundaries, ...binned, min: -6, max: 6 });
      const truth = energyDistance({ values: window }, { values: reference });
      assert.ok(lower <= truth + ROUNDING && truth <= upper! + ROUNDING, `${lower} ${truth} ${upper}`);
      assert.ok(lower <= value && value <= upper!);
      const back = energyFromBins({ boundaries, window: binned.reference, reference: binned.window, min: -6, max: 6 });
      assert.ok(Math.abs(back.value - value) < 1e-12);
      const same = energyFromBins({ boundaries, window: binned.window, reference: binned.window, min: -6, max: 6 });
      assert.deepEqual([same.value, same.lower], [0, 0]);
    }),
  );
});

test("both bounds are reached where the raw values lie so", () => {
  const boundaries = [0, 1, 2];
  const { lower, upper } = energyFromBins({
    boundaries,
    window: [0, 1, 1, 0],
    reference: [0, 2, 0, 0],
    min: 0,
    max: 2,
  });
  const close = energyDistance({ values: [1, 1 + 1e-12] }, { values: [1, 1] });
  const far = energyDistance({ values: [1, 2] }, { values: [1e-12, 1e-12] });
  assert.ok(Math.abs(lower - close) < 1e-5, `${lower} ${close}`);
  assert.ok(Math.abs(upper! - far) < 1e-5, `${upper} ${far}`);
});

test("an open bin with rows has no upper bound", () => {
  const { upper } = energyFromBins({ boundaries: [0], window: [1, 0], reference: [0, 1], min: -1, max: Infinity });
  assert.equal(upper, null);
});
