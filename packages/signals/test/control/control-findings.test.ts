import assert from "node:assert/strict";
import { test } from "node:test";
import { attr, metric } from "@tidemark/semconv";
import { type ControlSeries, controlFindings } from "@tidemark/signals";

const WEEK_MS = 7 * 86_400_000;

function series(values: readonly number[]): ControlSeries {
  return {
    metric: metric.performanceAccuracy,
    target: { kind: "prediction", name: "accuracy" },
    attributes: { [attr.estimateSource]: "realized" },
    values: values.map((value, week) => ({ startMs: week * WEEK_MS, value, count: 1_000, effective: 1_000 })),
  };
}

/** Swings of the same size up and down, as a process in control has. */
const quiet = (count: number) =>
  Array.from({ length: count }, (_, index) => 0.8 + [0.01, -0.01, 0.004, -0.006][index % 4]!);

function verdicts(values: readonly number[], learn = 12) {
  return controlFindings(series(values), learn).map(
    ({ findings }) => findings.find((each) => each.metric === metric.controlValue)!,
  );
}

test("the first windows teach, those after them are in control, and a jump warns by name", () => {
  const found = verdicts([...quiet(24), 0.5]);
  assert.deepEqual(
    found.map(({ state }) => state),
    [...Array<string>(12).fill("insufficient_data"), ...Array<string>(12).fill("ok"), "warning"],
  );
  assert.match(found.at(-1)!.evidence.note, /^a jump: 0.5 is outside/);
  assert.equal(found.at(-1)!.attributes[attr.controlMetric], metric.performanceAccuracy);
  assert.equal(found.at(-1)!.attributes[attr.estimateSource], "realized");
});

test("a slow drift warns before any single window does", () => {
  const found = verdicts([...quiet(40), ...quiet(20).map((value, index) => value - 0.0012 * index)]);
  const first = found.findIndex(({ state }) => state === "warning");
  assert.ok(first > 40, `${first}`);
  assert.match(found[first]!.evidence.note, /^a slow drift/);
});

test("limits stand beside every value, and a short series has no chart", () => {
  const charted = controlFindings(series(quiet(20)), 12);
  assert.equal(charted.length, 20);
  assert.equal(charted[1]!.startMs, WEEK_MS);
  const named = Object.fromEntries(charted[0]!.findings.map(({ metric: name, value }) => [name, value!]));
  assert.ok(named["ml.control.lower_limit"]! < named["ml.control.center"]!);
  assert.ok(named["ml.control.center"]! < named["ml.control.upper_limit"]!);
  assert.deepEqual(controlFindings(series(quiet(12)), 12), []);
});

test("only what changed is drawn, unless the limits change with it", () => {
  const whole = series([...quiet(30), 0.5, ...quiet(9)]);
  const all = controlFindings(whole, 12);
  for (const from of [13, 30, 31, 39]) assert.deepEqual(controlFindings(whole, 12, from), all.slice(from));
  for (const from of [0, 5, 12]) assert.deepEqual(controlFindings(whole, 12, from), all);
  assert.deepEqual(controlFindings(whole, 12, 40), []);
});
