import assert from "node:assert/strict";
import { test } from "node:test";
import { type CauseKind, joinedIncidentSchema } from "@tidemark/schema";
import { findIncidents } from "../../src/evaluate/find-incidents.ts";
import { firstCauseFinding } from "../../src/evaluate/first-cause-row.ts";
import { type JoinableIncident, joinableIncident, joinIncidents } from "../../src/evaluate/join-incidents.ts";
import { sampleMeasurement, sampleWindow } from "./sample-measurement.ts";

interface Trouble {
  readonly kind?: CauseKind;
  readonly cause?: string;
  readonly days?: readonly number[];
  readonly version?: string;
  readonly tenant?: string;
}

/** An incident of a model on the given days, closed by a good day. */
function trouble(model: string, { kind = "nulls", cause = "distance", days = [1], ...key }: Trouble = {}) {
  const finding = firstCauseFinding({ kind, target: cause, explanation: `${cause} of ${model}` }, 100);
  const rows = days.flatMap((day) => [
    sampleMeasurement({ ...key, model, state: "critical", window: sampleWindow(day) }),
    sampleMeasurement({ ...key, model, ...finding, window: sampleWindow(day) }),
  ]);
  const after = sampleMeasurement({ ...key, model, window: sampleWindow(days.at(-1)! + 1) });
  return findIncidents([...rows, after]).map(joinableIncident);
}

function modelsOf(incidents: readonly JoinableIncident[]): string[] {
  return joinIncidents(incidents).map(({ models }) => models.join(" "));
}

test("models that have their first cause in one input at one time have one incident, with its reason", () => {
  const [joined, ...others] = joinIncidents([
    ...trouble("fare", { days: [2, 3] }),
    ...trouble("delay", { days: [1, 2] }),
  ]);
  assert.deepEqual(others, []);
  joinedIncidentSchema.parse(joined);
  assert.deepEqual(joined!.models, ["delay", "fare"]);
  assert.deepEqual(joined!.shared, { kind: "feature", name: "distance" });
  assert.equal(joined!.firstCause.explanation, "distance of delay", "that of the first to be touched");
  assert.equal(joined!.start, sampleWindow(1).start);
  assert.equal(joined!.end, sampleWindow(3).end);
  assert.match(joined!.reason, /^delay and fare have their first cause in distance at overlapping times \(nulls\): /);
  assert.deepEqual({ state: joined!.state, open: joined!.open }, { state: "critical", open: false });
  assert.equal(joined!.incidents.length, 2);
});

test("another input, another time or another tenant joins nothing", () => {
  const first = trouble("delay");
  for (const other of [{ cause: "origin" }, { days: [2] }, { tenant: "acme" }] as const satisfies readonly Trouble[]) {
    assert.deepEqual(modelsOf([...first, ...trouble("fare", other)]), [], JSON.stringify(other));
  }
  assert.deepEqual(modelsOf([...first, ...trouble("fare")]), ["delay fare"], "but for that they are one");
});

test("a fault looks like a shift in a window that it fills in part: it is one incident, and the fault is its cause", () => {
  const fault = ["delay", "fare"].flatMap((model) => trouble(model, { kind: "unit_change", days: [2] }));
  const shift = ["delay", "fare"].flatMap((model) =>
    trouble(model, { kind: "covariate_shift", days: [1, 2], version: "2" }),
  );
  const [joined, ...others] = joinIncidents([...shift, ...fault]);
  assert.deepEqual(others, []);
  assert.equal(joined!.firstCause.kind, "unit_change");
  assert.equal(joined!.start, sampleWindow(1).start);
  assert.match(joined!.reason, /\(unit change, covariate shift\)/);
});

test("versions of one model are not several models", () => {
  assert.deepEqual(modelsOf([...trouble("delay"), ...trouble("delay", { version: "2" })]), []);
});

test("what is about a score or unknown is not shared, whatever its name", () => {
  for (const kind of ["concept_shift", "unknown"] as const) {
    assert.deepEqual(modelsOf([...trouble("delay", { kind }), ...trouble("fare", { kind })]), []);
  }
});

test("models that fall silent together have an upstream; a feature that falls silent is not that", () => {
  const silent = (model: string) => trouble(model, { kind: "silence", cause: model });
  const incidents = [...silent("delay"), ...silent("fare"), ...trouble("taxi", { kind: "silence", cause: "distance" })];
  const [joined, ...others] = joinIncidents(incidents);
  assert.deepEqual(others, []);
  assert.deepEqual(joined!.models, ["delay", "fare"]);
  assert.deepEqual(joined!.shared, { kind: "upstream" });
  assert.match(joined!.reason, /records of delay and fare stopped coming/);
});

test("changed places are the same in either order", () => {
  const swapped = (model: string, cause: string) => trouble(model, { kind: "swapped", cause });
  assert.deepEqual(modelsOf([...swapped("delay", "a, b"), ...swapped("fare", "b, a")]), ["delay fare"]);
});

test("two that do not overlap are joined by a third that overlaps both", () => {
  const ends = [...trouble("delay", { days: [1] }), ...trouble("fare", { days: [3] })];
  assert.deepEqual(modelsOf(ends), []);
  assert.deepEqual(modelsOf([...ends, ...trouble("taxi", { days: [1, 2, 3] })]), ["delay fare taxi"]);
});

test("the id and the order do not depend on the order of what is joined, and the id stays while it grows", () => {
  const incidents = [
    ...trouble("delay"),
    ...trouble("fare"),
    ...trouble("delay", { days: [9] }),
    ...trouble("taxi", { days: [9] }),
  ];
  const joined = joinIncidents(incidents);
  assert.deepEqual(
    joined.map(({ models }) => models.join(" ")),
    ["delay taxi", "delay fare"],
    "the newest first",
  );
  assert.deepEqual(joinIncidents(incidents.toReversed()), joined);
  const grown = joinIncidents([...trouble("delay", { days: [1, 2] }), ...trouble("fare")]);
  assert.equal(grown[0]!.id, joined[1]!.id);
});
