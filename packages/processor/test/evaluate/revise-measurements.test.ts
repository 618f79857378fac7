import assert from "node:assert/strict";
import { test } from "node:test";
import { isWithdrawn, reviseMeasurements } from "../../src/evaluate/revise-measurements.ts";
import { sampleMeasurement } from "./sample-measurement.ts";

test("a first judgement is stored at revision 0", () => {
  const fresh = sampleMeasurement();
  assert.deepEqual(reviseMeasurements([], [fresh]), { current: [fresh], changed: [fresh] });
});

test("an equal judgement changes nothing, whatever its revision", () => {
  const stored = sampleMeasurement({ revision: 3, attributes: { b: "2", a: "1" } });
  const fresh = sampleMeasurement({ attributes: { a: "1", b: "2" } });
  assert.deepEqual(reviseMeasurements([stored], [fresh]), { current: [stored], changed: [] });
});

test("any difference gives the next revision, also in the evidence alone", () => {
  const stored = sampleMeasurement({ revision: 3 });
  const fresh = sampleMeasurement({ evidence: { numbers: { coverage: 1 }, note: "", bins: null } });
  const { current, changed } = reviseMeasurements([stored], [fresh]);
  assert.deepEqual(current, [{ ...fresh, revision: 4 }]);
  assert.deepEqual(changed, current);
});

test("a value that no longer exists is withdrawn once, and comes back at a later revision", () => {
  const stored = sampleMeasurement();
  const { current, changed } = reviseMeasurements([stored], []);
  assert.deepEqual(current, []);
  assert.equal(changed.length, 1);
  assert.ok(isWithdrawn(changed[0]!));
  assert.equal(changed[0]!.revision, 1);
  assert.equal(changed[0]!.state, null);
  assert.deepEqual(reviseMeasurements(changed, []).changed, []);
  assert.equal(reviseMeasurements(changed, [sampleMeasurement()]).current[0]!.revision, 2);
});
