import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Adwin,
  type ChangeDetector,
  Cusum,
  Ddm,
  Ecdd,
  Eddm,
  Fhddm,
  GeometricMovingAverage,
  HddmA,
  HddmW,
  Kswin,
  PageHinkley,
  Rddm,
} from "@tidemark/stats";
import { seededNormal, seededUniform } from "../random-rows.ts";

const detectors: Readonly<Record<string, () => ChangeDetector>> = {
  Adwin: () => new Adwin(),
  Cusum: () => new Cusum({ delta: 0.2, threshold: 5 }),
  Ddm: () => new Ddm(),
  Eddm: () => new Eddm({ warningShare: 0.6, driftShare: 0.5 }),
  Fhddm: () => new Fhddm(),
  GeometricMovingAverage: () => new GeometricMovingAverage({ alpha: 0.95, threshold: 0.3 }),
  HddmA: () => new HddmA(),
  HddmW: () => new HddmW(),
  Kswin: () => new Kswin({ alpha: 1e-5 }),
  PageHinkley: () => new PageHinkley({ threshold: 30 }),
  PageHinkleyFromZero: () => new PageHinkley({ threshold: 30, from: "zero" }),
  Rddm: () => new Rddm({ driftThreshold: 4, warningThreshold: 3 }),
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
  for (const detector of [new Ddm(), new Ecdd(), new Eddm(), new Fhddm(), new Rddm()])
    assert.throws(() => detector.update(0.5), /value is 0.5/);
});

test("options out of their domain are refused by name", () => {
  assert.throws(() => new Adwin({ delta: 0 }), /delta is 0/);
  assert.throws(() => new Adwin({ clock: 1.5 }), /clock is 1.5/);
  assert.throws(() => new Cusum({ threshold: 0 }), /threshold is 0/);
  assert.throws(() => new Cusum({ target: Number.NaN }), /target is NaN/);
  assert.throws(() => new GeometricMovingAverage({ alpha: 1 }), /alpha is 1/);
  assert.throws(() => new Ecdd({ averageRunLength: 200 as 400 }), /averageRunLength is 200/);
  assert.throws(() => new Rddm({ keptConcept: 50_000 }), /keptConcept is 50000/);
  assert.throws(() => new Eddm({ deviations: 0 }), /deviations is 0/);
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

test("CUSUM, the moving average and Page-Hinkley find falls too, unless told to look up only", () => {
  const values = Array.from({ length: 400 }, (_, i) => (i < 200 ? 5 : 3));
  const options = { threshold: 1, delta: 0.1 };
  for (const create of [
    (mode?: "up") => new Cusum({ ...options, ...(mode && { mode }) }),
    (mode?: "up") => new GeometricMovingAverage({ threshold: 0.5, ...(mode && { mode }) }),
    (mode?: "up") => new PageHinkley({ ...options, ...(mode && { mode }) }),
  ]) {
    assert.ok(firstDrift(create(), values) >= 200);
    assert.equal(firstDrift(create("up"), values.slice(0, 260)), -1);
  }
});

test("CUSUM of a known target gives about one false alarm in 465 values: Montgomery's table for k = 0.5, h = 5", () => {
  const normal = seededNormal(11);
  const cusum = new Cusum({ target: 0, delta: 0.5, threshold: 5, minInstances: 1 });
  let alarms = 0;
  for (let i = 0; i < 465 * 400; i++) if (cusum.update(normal()).drift) alarms += 1;
  // Four standard errors of 400 exponential run lengths are 20 %.
  assert.ok(alarms > 320 && alarms < 500, `${alarms} alarms`);
});

test("RDDM takes a warning that lasts for a drift, and a very long stable stream does not make it deaf", () => {
  const uniform = seededUniform(4);
  const stable = Array.from({ length: 400_000 }, () => (uniform() < 0.1 ? 1 : 0));
  const worse = Array.from({ length: 20_000 }, () => (uniform() < 0.3 ? 1 : 0));
  const limits = { minInstances: 2_000, warningThreshold: 4, driftThreshold: 6, maxWarnings: 1e9 };
  const deaf = firstDrift(new Rddm({ ...limits, maxConcept: 1e9 }), [...stable, ...worse]);
  const rddm = firstDrift(new Rddm(limits), [...stable, ...worse]);
  assert.ok(rddm >= 400_000 && rddm < deaf, `${rddm} and ${deaf}`);
  const patient = firstDrift(new Rddm({ ...limits, driftThreshold: 1e9, maxWarnings: 50 }), [...stable, ...worse]);
  assert.ok(patient >= 400_050, `${patient}`);
});

test("ECDD's false alarms are about as far apart as was asked for, and it finds a rise within 30 values", () => {
  const uniform = seededUniform(12);
  for (const averageRunLength of [100, 400] as const) {
    const ecdd = new Ecdd({ averageRunLength });
    let alarms = 0;
    for (let i = 0; i < 100_000; i++) if (ecdd.update(uniform() < 0.2 ? 1 : 0).drift) alarms += 1;
    const apart = 100_000 / alarms;
    assert.ok(apart > averageRunLength / 2 && apart < averageRunLength * 2, `${apart} for ${averageRunLength}`);
    const rise = Array.from({ length: 130 }, (_, i) => (i >= 100 || i % 5 === 0 ? 1 : 0));
    assert.ok(firstDrift(new Ecdd({ averageRunLength }), rise) >= 100);
  }
});
