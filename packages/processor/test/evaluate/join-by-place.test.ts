import assert from "node:assert/strict";
import { test } from "node:test";
import { type CauseKind, joinedIncidentSchema, type SignalName } from "@tidemark/schema";
import { findIncidents } from "../../src/evaluate/find-incidents.ts";
import { firstCauseFinding } from "../../src/evaluate/first-cause-row.ts";
import { joinableIncident, joinIncidents } from "../../src/evaluate/join-incidents.ts";
import type { ModelPlace } from "../../src/store/model-places.ts";
import { sampleMeasurement, sampleWindow } from "./sample-measurement.ts";

const DAY_MS = 86_400_000;
const startMs = (day: number) => Date.parse(sampleWindow(day).start);

interface Trouble {
  readonly signal?: SignalName;
  readonly kind?: CauseKind;
  readonly days?: readonly number[];
  readonly target?: string;
  readonly windowName?: string;
}

/** An incident of a model on the given days, closed by a good day; of the service unless said. */
function trouble(
  model: string,
  { signal = "service", kind = "unknown", days = [1], target = model, windowName = "24h" }: Trouble = {},
) {
  const cause = firstCauseFinding({ kind, target, explanation: `${target} of ${model}` }, 100);
  const own = { model, signal, target: { kind: "service" as const, name: target } };
  const windowOf = (day: number) => ({ ...sampleWindow(day), name: windowName });
  const rows = days.flatMap((day) => [
    sampleMeasurement({ ...own, state: "critical", window: windowOf(day) }),
    sampleMeasurement({ ...own, ...cause, window: windowOf(day) }),
  ]);
  return findIncidents([...rows, sampleMeasurement({ ...own, window: windowOf(days.at(-1)! + 1) })]).map(
    joinableIncident,
  );
}

/** A model at a host, or as a release, on the days from the first to the last. */
function place(
  model: string,
  value: string,
  [from, to]: readonly [number, number] = [0, 9],
  more: Partial<ModelPlace> = {},
): ModelPlace {
  const span = { firstMs: startMs(from), lastMs: startMs(to) };
  return { model, version: "1", role: "champion", service: "flights", attribute: "host.name", value, ...span, ...more };
}

const release = (model: string, value: string, days: readonly [number, number], more: Partial<ModelPlace> = {}) =>
  place(model, value, days, { attribute: "service.version", ...more });

test("models that are slow at one time on one host are one incident, with the host in its reason", () => {
  const [joined, ...others] = joinIncidents(
    [...trouble("fare", { days: [1, 2] }), ...trouble("delay")],
    [place("delay", "a"), place("fare", "a")],
  );
  assert.deepEqual(others, []);
  joinedIncidentSchema.parse(joined);
  assert.deepEqual(joined!.shared, { kind: "host", place: "host", names: ["a"] });
  assert.match(
    joined!.reason,
    /^delay and fare began to be slow, .*, and ran on the same host \(a\): that is a likely place\.$/,
  );
});

test("who shares a process or only a node is told by that", () => {
  const incidents = [...trouble("delay"), ...trouble("fare")];
  const process = ["delay", "fare"].map((model) => place(model, "p", [0, 9], { attribute: "service.instance.id" }));
  const hosts = [place("delay", "pod-1"), place("fare", "pod-2")];
  const nodes = ["delay", "fare"].map((model) => place(model, "n", [0, 9], { attribute: "k8s.node.name" }));
  const sharedOf = (places: readonly ModelPlace[]) => joinIncidents(incidents, places).map(({ shared }) => shared);
  assert.deepEqual(sharedOf([...process, ...hosts, ...nodes]), [{ kind: "host", place: "process", names: ["p"] }]);
  assert.deepEqual(sharedOf([...hosts, ...nodes]), [{ kind: "host", place: "node", names: ["n"] }]);
});

test("unrelated incidents at the same time are not joined", () => {
  const slow = trouble("delay");
  const at = [place("delay", "a"), place("fare", "a")];
  const rows: [name: string, other: ReturnType<typeof trouble>, places: ModelPlace[]][] = [
    ["another host", trouble("fare"), [place("delay", "a"), place("fare", "b")]],
    ["one host of many", trouble("fare"), [place("delay", "a"), ...["a", "b", "c"].map((host) => place("fare", host))]],
    ["no place is known", trouble("fare"), []],
    ["drift is no matter of a machine", trouble("fare", { signal: "drift", kind: "concept_shift" }), at],
    ["another time", trouble("fare", { days: [2] }), at],
    ["on the host at another time", trouble("fare"), [place("delay", "a"), place("fare", "a", [4, 9])]],
    ["the same model", trouble("delay", { target: "errors" }), at],
  ];
  for (const [name, other, places] of rows) assert.deepEqual(joinIncidents([...slow, ...other], places), [], name);
  assert.equal(joinIncidents([...slow, ...trouble("fare")], at).length, 1, "but for that they are one");
});

test("a machine is told with what fell silent on it, from where it was before", () => {
  const silent = trouble("fare", { signal: "data_quality", kind: "silence", target: "fare" });
  const [joined] = joinIncidents([...trouble("delay"), ...silent], [place("delay", "a"), place("fare", "a", [0, 1])]);
  assert.deepEqual(joined!.models, ["delay", "fare"]);
});

const SHIFTS = (days: readonly number[] = [1]) => [
  ...trouble("delay", { signal: "drift", kind: "covariate_shift", target: "distance", days }),
  ...trouble("fare", { signal: "performance", kind: "concept_shift", target: "accuracy", days }),
];
const RELEASES = ["delay", "fare"].flatMap((model) => [release(model, "2.0", [0, 1]), release(model, "2.1", [1, 9])]);

test("models that are touched when a release of their service begins are one incident, with the release in its reason", () => {
  const [joined, ...others] = joinIncidents(SHIFTS(), RELEASES);
  assert.deepEqual(others, []);
  joinedIncidentSchema.parse(joined);
  assert.deepEqual(joined!.shared, { kind: "deployment", service: "flights", release: "2.1" });
  assert.match(joined!.reason, /^delay and fare were touched when flights 2\.1 began for them/);
});

test("new versions of several models of one service that begin within the hour are one deployment", () => {
  const versions = (model: string, laterMs: number) => [
    place(model, "a", [0, 1], { version: "7" }),
    { ...place(model, "a", [1, 9], { version: "8" }), firstMs: startMs(1) + laterMs },
  ];
  const places = (laterMs: number) => [...versions("delay", 0), ...versions("fare", laterMs)];
  const [joined] = joinIncidents(SHIFTS(), places(1_800_000));
  assert.deepEqual(joined!.shared, {
    kind: "deployment",
    service: "flights",
    release: `versions from ${sampleWindow(1).start}`,
  });
  assert.deepEqual(joinIncidents(SHIFTS(), places(2 * 3_600_000)), [], "two hours apart they are two");
});

test("what no deployment explains is not joined by one", () => {
  const first = ["delay", "fare"].map((model) => release(model, "2.1", [1, 9]));
  const rows: [name: string, incidents: ReturnType<typeof trouble>, places: ModelPlace[]][] = [
    ["the first release that there is", SHIFTS(), first],
    ["a release days before", SHIFTS([4]), RELEASES],
    ["a release after it", SHIFTS([0]), RELEASES.map((each) => ({ ...each, firstMs: each.firstMs + 2 * DAY_MS }))],
    ["releases of two services", SHIFTS(), RELEASES.map((each) => ({ ...each, service: `of ${each.model}` }))],
    ["a release of one of them", SHIFTS(), RELEASES.filter(({ model }) => model === "delay")],
    ["a week coincides with anything", SHIFTS().map((each) => ({ ...each, windowName: "7d" })), RELEASES],
  ];
  for (const [name, incidents, places] of rows) assert.deepEqual(joinIncidents(incidents, places), [], name);
});

test("an input that they share explains more than a release or a host", () => {
  const fault = (model: string) => trouble(model, { signal: "drift", kind: "unit_change", target: "distance" });
  const [joined, ...others] = joinIncidents(
    [...fault("delay"), ...fault("fare")],
    [...RELEASES, place("delay", "a"), place("fare", "a")],
  );
  assert.deepEqual(others, []);
  assert.deepEqual(joined!.shared, { kind: "feature", name: "distance" });
});
