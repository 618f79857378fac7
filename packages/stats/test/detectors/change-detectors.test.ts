import assert from "node:assert/strict";
import { test } from "node:test";
import { Adwin, type ChangeDetector, Ddm, Eddm, Fhddm, HddmA, HddmW, Kswin, PageHinkley } from "@tidemark/stats";
import { seededNormal, seededUniform } from "../random-rows.ts";

const detectors: Readonly<Record<string, () => ChangeDetector>> = {
  Adwin: () => new Adwin(),
  Ddm: () => new Ddm(),
  Eddm: () => new Eddm({ warningShare: 0.6, driftShare: 0.5 }),
  Fhddm: () => new Fhddm(),
  HddmA: () => new HddmA(),
  HddmW: () => new HddmW(),
  Kswin: () => new Kswin({ alpha: 1e-5 }),
  PageHinkley: () => new PageHinkley({ threshold: 30 }),
};

/** First index of a drift, or -1. */
function firstDrift(detector: ChangeDetector, values: readonly number[]): number {
  return values.findIndex((value) => detector.update(value).drift);
}

for (const [name, create] of Object.entries(detectors)) {
  test(`${name} finds a change of the error rate from 5 % to 60 % after it happened`, () => {
    const uniform = seededUniform(8);
    // FHDDM watches the share of right answers.
    const wrong = (rate: number) => (uniform() < rate === (name !== "Fhddm") ? 1 : 0);
    const values = Array.from({ length: 2_000 }, (_, i) => wrong(i < 1_000 ? 0.05 : 0.6));
    const found = firstDrift(create(), values);
    assert.ok(found >= 1_000 && found < 1_400, `at ${found}`);
  });

  test(`${name} says the same again after reset, and refuses what is no number`, () => {
    const uniform = seededUniform(9);
    const values = Array.from({ length: 600 }, (_, i) => (uniform() < (i < 300 ? 0.1 : 0.8) ? 1 : 0));
    const detector = create();
    const first = values.map((value) => detector.update(value));
    detector.reset();
    assert.deepEqual(
      values.map((value) => detector.update(value)),
      first,
    );
    assert.throws(() => detector.update(Number.NaN), { name: "RangeError", message: /value is NaN/ });
  });
}

test("a value that is neither right nor wrong is refused by the detectors of errors", () => {
  for (const detector of [new Ddm(), new Eddm(), new Fhddm()])
    assert.throws(() => detector.update(0.5), /value is 0.5/);
});

test("options out of their domain are refused by name", () => {
  assert.throws(() => new Adwin({ delta: 0 }), /delta is 0/);
  assert.throws(() => new Adwin({ clock: 1.5 }), /clock is 1.5/);
  assert.throws(() => new Ddm({ warmStart: 0 }), /warmStart is 0/);
  assert.throws(() => new Eddm({ warningShare: 0.5, driftShare: 0.6 }), /driftShare is 0.6/);
  assert.throws(() => new Fhddm({ shortWindowSize: 200 }), /shortWindowSize is 200/);
  assert.throws(() => new HddmA({ driftConfidence: 1 }), /driftConfidence is 1/);
  assert.throws(() => new HddmW({ weight: 0 }), /weight is 0/);
  assert.throws(() => new Kswin({ statSize: 60 }), /statSize is 60/);
  assert.throws(() => new PageHinkley({ alpha: 2 }), /alpha is 2/);
});

test("Adwin's window has the mean of the newest values, and only those after a change", () => {
  const normal = seededNormal(2);
  const adwin = new Adwin();
  for (let i = 0; i < 3_000; i++) adwin.update(normal() + (i < 2_000 ? 0 : 5));
  const { width, mean } = adwin.state();
  assert.ok(width >= 900 && width <= 1_100, `width ${width}`);
  assert.ok(Math.abs(mean - 5) < 0.3, `mean ${mean}`);
});
